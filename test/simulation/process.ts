import type { Clock } from '@cachetastic/core';
import type { Agenda } from './agenda.js';

/** One life of a node: it can stand still, and it can die. It knows no other clock than its own. */
export class SimulatedProcess {
  readonly name: string;
  readonly clock: Clock;
  /** Set whenever the process does something: what follows from it has to run before anything else happens. */
  readonly #onActive: () => void;
  readonly #agenda: Agenda;
  #state: 'running' | 'paused' | 'dead' = 'running';
  /** What has arrived while it stood still. */
  #backlog: (() => void)[] = [];

  constructor(name: string, agenda: Agenda, clockOffset: number, onActive: () => void) {
    this.name = name;
    this.#agenda = agenda;
    this.#onActive = onActive;
    this.clock = {
      now: () => agenda.now + clockOffset,
      schedule: (task, delay) => {
        let cancelled = false;
        agenda.in(Math.max(0, delay), () => {
          if (cancelled) return;
          this.deliver(() => {
            if (!cancelled) task();
          });
        });
        return () => {
          cancelled = true;
        };
      },
    };
  }

  get running(): boolean {
    return this.#state === 'running';
  }

  get dead(): boolean {
    return this.#state === 'dead';
  }

  /** Lets the process do `what`: now, when it runs again, or never. */
  deliver(what: () => void): void {
    if (this.#state === 'dead') return;
    if (this.#state === 'paused') {
      this.#backlog.push(what);
      return;
    }
    this.#onActive();
    what();
  }

  pause(): void {
    if (this.#state === 'running') this.#state = 'paused';
  }

  /** Works off what has arrived, each after a step of `gap` milliseconds, so that other things happen in between. */
  resume(gap: number): void {
    if (this.#state !== 'paused') return;
    this.#state = 'running';
    const backlog = this.#backlog;
    this.#backlog = [];
    for (const [index, what] of backlog.entries()) this.#agenda.in(gap * index, () => this.deliver(what));
  }

  die(): void {
    this.#state = 'dead';
    this.#backlog = [];
  }
}

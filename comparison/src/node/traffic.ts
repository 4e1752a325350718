import { setTimeout as delay } from 'node:timers/promises';
import { machineTime } from '../machine-time.js';
import type { Answer, Written } from './cache-node.js';

/** `hot`: a read of what memory holds. `cold`: a read of what no cache has. */
export type Kind = 'hot' | 'cold' | 'write';

/** One call of a node's traffic. Times are in milliseconds. */
export interface Call {
  readonly kind: Kind;
  readonly startedAt: number;
  /** `Infinity` if it was not settled when patience ended. */
  readonly took: number;
  readonly rejected: boolean;
  /** Whether the origin was asked. Of reads only. */
  readonly loaded: boolean;
}

/** From one call of a kind to the next, in milliseconds. */
const PACE: Readonly<Record<Kind, number>> = { hot: 20, cold: 50, write: 100 };

/** What traffic needs of a node. */
interface Calls {
  read(key: string): Promise<Answer>;
  write(key: string): Promise<Written>;
}

/** Asks and changes at a steady pace, however long the answers take: callers of a busy application do not wait either. */
export class Traffic {
  readonly #calls: Calls;
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #settled: Call[] = [];
  readonly #underWay = new Map<Promise<void>, Pick<Call, 'kind' | 'startedAt'>>();
  #count = 0;

  constructor(calls: Calls) {
    this.#calls = calls;
    this.#timers = (['hot', 'cold', 'write'] as const).map((kind) => setInterval(() => this.#call(kind), PACE[kind]));
  }

  async stop(patience: number): Promise<readonly Call[]> {
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.race([Promise.all(this.#underWay.keys()), delay(patience)]);
    const unsettled = { took: Number.POSITIVE_INFINITY, rejected: false, loaded: false };
    return [...this.#settled, ...[...this.#underWay.values()].map((call) => ({ ...call, ...unsettled }))];
  }

  #call(kind: Kind): void {
    const startedAt = machineTime();
    const note = (rejected: boolean, loaded: boolean): void => {
      this.#underWay.delete(calling);
      this.#settled.push({ kind, startedAt, took: machineTime() - startedAt, rejected, loaded });
    };
    const calling = this.#begin(kind).then(
      (loaded) => note(false, loaded),
      () => note(true, false),
    );
    this.#underWay.set(calling, { kind, startedAt });
  }

  /** @returns Whether the origin was asked. */
  async #begin(kind: Kind): Promise<boolean> {
    if (kind === 'hot') return (await this.#calls.read('hot-0')).loaded;
    const number = ++this.#count;
    if (kind === 'cold') return (await this.#calls.read(`cold-${number}`)).loaded;
    await this.#calls.write(`written-${number}`);
    return false;
  }
}

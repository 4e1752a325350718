import type { Agenda } from './agenda.js';
import type { Dice } from './dice.js';
import type { RedisServer } from './redis-server.js';
import type { Trace } from './trace.js';

/** How often an entry is copied, in milliseconds. */
const MEAN = 25;

/** What a {@link Mixer} is made of. */
export interface MixerParts {
  readonly agenda: Agenda;
  readonly dice: Dice;
  readonly trace: Trace;
  readonly server: RedisServer;
}

/** Puts entries under keys of other entries, as a script may do, or any program that may write to Redis. */
export class Mixer {
  readonly #parts: MixerParts;
  #over = false;

  constructor(parts: MixerParts) {
    this.#parts = parts;
    this.#again();
  }

  stop(): void {
    this.#over = true;
  }

  #again(): void {
    const { agenda, dice } = this.#parts;
    agenda.in(dice.wait(MEAN), () => {
      if (this.#over) return;
      this.#copy();
      this.#again();
    });
  }

  #copy(): void {
    const { dice, trace, server } = this.#parts;
    const keys = server.entryKeys;
    if (keys.length < 2) return;
    const [from, to] = [dice.pick(keys), dice.pick(keys)];
    trace.tell('redis', `keeps the entry of ${from} at ${to} as well`);
    server.copy(from, to);
  }
}

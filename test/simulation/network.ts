import type { Agenda } from './agenda.js';
import type { Dice } from './dice.js';
import type { SimulatedProcess } from './process.js';
import { BOUND, DEADLINE, type Settings } from './settings.js';

/** How late a message may be: within what is waited for, or far beyond. */
const LATE = [DEADLINE, 1.5 * BOUND];

/** Made once: to make an error takes longer than everything else here. */
const NO_ANSWER = new Error('no answer in time');

/** The way between one process and Redis: messages are late, overtake each other, are lost, or wait until it is mended. */
export class RedisLink {
  readonly #process: SimulatedProcess;
  readonly #agenda: Agenda;
  readonly #dice: Dice;
  readonly #settings: Settings['network'];
  #cut = false;
  /** What waits for the link to be mended. */
  #waiting: (() => void)[] = [];
  /** Nothing goes wrong any more. */
  calm = false;

  constructor(process: SimulatedProcess, agenda: Agenda, dice: Dice, settings: Settings['network']) {
    this.#process = process;
    this.#agenda = agenda;
    this.#dice = dice;
    this.#settings = settings;
  }

  /** Runs `execute` at the server; rejects if that throws, and after the deadline, whether or not it has happened or will. */
  call<Reply>(execute: () => Reply): Promise<Reply> {
    const { clock } = this.#process;
    return new Promise((resolve, reject) => {
      const cancel = clock.schedule(() => reject(NO_ANSWER), DEADLINE);
      this.#travel(() => {
        let settle: () => void;
        try {
          const reply = execute();
          settle = () => resolve(reply);
        } catch (error) {
          settle = () => reject(error);
        }
        this.#travel(() =>
          this.#process.deliver(() => {
            cancel();
            settle();
          }),
        );
      });
    });
  }

  /** Sends the process a message that it did not request. */
  push(what: () => void): void {
    const { lost, twice } = this.#settings;
    if (!this.calm && this.#dice.chance(lost)) return;
    const times = !this.calm && this.#dice.chance(twice) ? 2 : 1;
    for (let i = 0; i < times; i++) this.#travel(() => this.#process.deliver(what));
  }

  cut(): void {
    this.#cut = true;
  }

  mend(): void {
    this.#cut = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const arrive of waiting) this.#agenda.in(this.#dice.between(0, 10), arrive);
  }

  #travel(arrive: () => void): void {
    const { late, failing } = this.#settings;
    if (this.calm) {
      this.#agenda.in(1, arrive);
      return;
    }
    if (this.#dice.chance(failing)) return;
    this.#agenda.in(this.#dice.between(0.2, this.#dice.chance(late) ? this.#dice.pick(LATE) : 5), () => {
      if (!this.#cut) arrive();
      else if (this.#dice.chance(0.5)) this.#waiting.push(arrive);
    });
  }
}

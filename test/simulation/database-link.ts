import type { Origin } from '@cachetastic/core';
import type { Agenda } from './agenda.js';
import type { Checker } from './checker.js';
import { type Database, RefusedError, type Write } from './database.js';
import type { Dice } from './dice.js';
import type { SimulatedProcess } from './process.js';
import { describeAnswer, describeQuestion, type Question, type Row, rowsOf, rowsTouchedBy } from './rows.js';
import type { Settings } from './settings.js';
import type { Trace } from './trace.js';

/** How long each way to the database may take when it is slow. */
const SLOW = [60, 400];

const CALM: Settings['database'] = { slow: 0, failing: 0, unknown: 0, late: 0 };

/** What a link to the database is made of. */
export interface DatabaseLinkParts {
  readonly process: SimulatedProcess;
  readonly database: Database;
  readonly checker: Checker;
  readonly agenda: Agenda;
  readonly dice: Dice;
  readonly settings: Settings;
  readonly trace: Trace;
  /** Called right after a commit, before any process knows of it. */
  readonly onCommit: () => void;
  /** Whether nothing goes wrong any more. */
  readonly isCalm: () => boolean;
}

/** The database as one process sees it. */
export class DatabaseLink {
  readonly #parts: DatabaseLinkParts;

  constructor(parts: DatabaseLinkParts) {
    this.#parts = parts;
  }

  /** Answers from a snapshot that is taken somewhere between the question and the answer; of a replica if it may be. */
  load(question: Question, origin: Origin): Promise<readonly Row[]> {
    const { process, database, agenda, dice, settings, trace } = this.#parts;
    const { slow, failing } = this.#troubles;
    const most = dice.chance(slow) ? dice.pick(SLOW) : 6;
    const furthest = settings.replicaLag;
    const lag = origin === 'primary' ? 0 : dice.chance(0.5) ? furthest : dice.between(0, furthest);
    return this.#exchange(dice.between(0.1, most), dice.between(0.1, most), () => {
      if (dice.chance(failing)) throw new Error('the database is away');
      const head = database.headAt(agenda.now - lag);
      const answer = database.answer(question, head);
      if (trace.on) {
        const what = `snapshot for ${process.name}: ${describeQuestion(question)} is ${describeAnswer(answer)}`;
        trace.tell(
          lag === 0 ? 'database' : 'replica',
          `${what} after commit ${head} at ${agenda.now.toFixed(2)}`,
          rowsOf(question),
        );
      }
      return answer;
    });
  }

  /** A statement within a transaction, which changes nothing yet. */
  statement(): Promise<void> {
    const { dice } = this.#parts;
    const { failing, late } = this.#troubles;
    const most = dice.chance(late) ? 150 : 3;
    return this.#exchange(dice.between(0.1, most), dice.between(0.1, 2), () => {
      if (dice.chance(failing)) throw new RefusedError('a statement failed');
    });
  }

  /** The statement that commits `write`. */
  commit(write: Write): Promise<void> {
    const { process, database, checker, agenda, dice, settings, trace } = this.#parts;
    const { failing, late, unknown } = this.#troubles;
    // How long after it was sent a statement may still commit: the database's own timeouts see to it.
    const latest = settings.fence - settings.lease;
    const rows = rowsTouchedBy(write.effects);
    const lost = dice.chance(unknown);
    const there = dice.between(0.1, lost || dice.chance(late) ? latest : 3);
    const commit = (): void => {
      database.commit(write, agenda.now);
      checker.committed(write);
      if (trace.on)
        trace.tell('database', `commit ${write.commit} of ${process.name}: ${JSON.stringify(write.effects)}`, rows);
      this.#parts.onCommit();
    };
    if (lost) {
      if (dice.chance(0.7)) agenda.in(there, commit);
      return this.#exchange(dice.between(0, latest), 0, () => {
        throw new Error('connection lost');
      });
    }
    const refused = dice.chance(failing);
    return this.#exchange(there, dice.between(0.1, dice.chance(late) ? 100 : 2), () => {
      if (refused) throw new RefusedError('refused');
      commit();
    });
  }

  get #troubles(): Settings['database'] {
    return this.#parts.isCalm() ? CALM : this.#parts.settings.database;
  }

  #exchange<Reply>(there: number, back: number, execute: () => Reply): Promise<Reply> {
    const { process, agenda } = this.#parts;
    return new Promise((resolve, reject) => {
      agenda.in(there, () => {
        let settle: () => void;
        try {
          const reply = execute();
          settle = () => resolve(reply);
        } catch (error) {
          settle = () => reject(error);
        }
        agenda.in(back, () => process.deliver(settle));
      });
    });
  }
}

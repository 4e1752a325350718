import type { Change, QueryCache, ReadInfo } from '@cachetastic/core';
import type { Caches } from './caches.js';
import type { Checker } from './checker.js';
import { RefusedError, type Write } from './database.js';
import type { DatabaseLink } from './database-link.js';
import type { Dice } from './dice.js';
import type { SimulatedProcess } from './process.js';
import type { RemoteRedis } from './remote-redis.js';
import {
  changeOf,
  describeAnswer,
  describeQuestion,
  type Effect,
  type Question,
  queryOf,
  type Row,
  rowsOf,
  rowsTouchedBy,
  someEffect,
} from './rows.js';
import type { Settings } from './settings.js';
import type { Trace } from './trace.js';

/** How many changes a huge transaction makes: as many as a record can say in full, more than that, more than a process queues. */
const HUGE = [400, 1_500, 10_001];

/** What an application is made of. */
export interface ApplicationParts {
  readonly process: SimulatedProcess;
  /** The ways to Redis, of which each cache uses one. */
  readonly connections: readonly RemoteRedis[];
  readonly caches: Caches;
  readonly database: DatabaseLink;
  readonly checker: Checker;
  readonly dice: Dice;
  readonly settings: Settings;
  readonly trace: Trace;
}

/** One process of an application that uses the real cache: it reads, writes, and reports what it got. */
export class Application {
  readonly process: SimulatedProcess;
  readonly connections: readonly RemoteRedis[];
  readonly caches: Caches;
  readonly #parts: ApplicationParts;

  constructor(parts: ApplicationParts) {
    this.#parts = parts;
    const { process, connections, caches } = parts;
    this.process = process;
    this.connections = connections;
    this.caches = caches;
  }

  /** Answers with what was read, or `undefined` if that failed or no cache is open. */
  async read(question: Question, strong: boolean, cache = this.caches.pick()): Promise<ReadInfo | undefined> {
    if (cache === undefined) return undefined;
    const { process, checker, database, settings, trace } = this.#parts;
    const { place } = this.connections[0] as RemoteRedis;
    const asked = checker.asked({ process, question, strong, bound: this.caches.boundOf(cache), place });
    const kind = strong ? 'strong' : 'bounded';
    if (trace.on) trace.tell(process.name, `asks for ${describeQuestion(question)} (${kind})`, rowsOf(question));
    let info: ReadInfo | undefined;
    const judge = (answer: readonly Row[]): void => {
      if (info === undefined) return;
      if (trace.on) {
        const said = `${info.status} from ${info.source}${info.reason === undefined ? '' : ` (${info.reason})`}`;
        trace.tell(
          process.name,
          `got ${describeAnswer(answer)} for ${describeQuestion(question)}: ${said}`,
          rowsOf(question),
        );
      }
      checker.answered(asked, answer, info);
    };
    const answer = cache.read(
      queryOf(question, strong, settings.lifetime),
      ({ origin }) => database.load(question, origin),
      (given) => {
        info = given;
      },
    );
    if (!(answer instanceof Promise)) judge(answer);
    else {
      try {
        judge(await answer);
      } catch {
        return undefined;
      }
    }
    return info;
  }

  async write(): Promise<void> {
    const { dice } = this.#parts;
    const cache = this.caches.pick();
    if (cache === undefined) return;
    await (dice.chance(0.25) ? this.#transact(cache) : this.#writeOne(cache));
  }

  async #writeOne(cache: QueryCache): Promise<void> {
    const { process, checker, database, dice, trace } = this.#parts;
    const effect = someEffect(dice);
    const { write, changes } = this.#describe([effect]);
    if (trace.on) trace.tell(process.name, `writes ${JSON.stringify(effect)}`, rowsTouchedBy([effect]));
    try {
      await cache.write(
        () => database.commit(write),
        (outcome) => (!outcome.ok && outcome.error instanceof RefusedError ? [] : changes),
        () => changes,
      );
    } catch (error) {
      if (trace.on) trace.tell(process.name, `write failed: ${error}`, rowsTouchedBy([effect]));
      write.uncertain = true;
      return;
    }
    if (trace.on) trace.tell(process.name, `write acknowledged: commit ${write.commit}`, rowsTouchedBy([effect]));
    checker.acked(write);
  }

  async #transact(cache: QueryCache): Promise<void> {
    const { process, checker, database, dice, settings, trace } = this.#parts;
    const effects = [someEffect(dice), someEffect(dice)];
    const { write, changes } = this.#describe(effects);
    const rows = rowsTouchedBy(effects);
    if (trace.on) trace.tell(process.name, `begins ${JSON.stringify(effects)}`, rows);
    const transaction = cache.transaction();
    const more = dice.chance(settings.huge) ? dice.pick(HUGE) : 0;
    let ended: 'no' | 'perhaps' | 'yes' = 'no';
    try {
      for (const change of changes) {
        await database.statement();
        transaction.add([change]);
        if (more > 0) transaction.add(new Array<Change>(more).fill(change));
      }
      if (dice.chance(0.15)) throw new RefusedError('rolled back');
      await transaction.announce();
      ended = 'perhaps';
      await database.commit(write);
      ended = 'yes';
    } catch (error) {
      if (trace.on) trace.tell(process.name, `transaction failed: ${error}`, rows);
      if (ended === 'perhaps' && !(error instanceof RefusedError)) {
        await transaction.uncertain();
        write.uncertain = true;
      } else await transaction.rollback();
      return;
    }
    await transaction.commit();
    if (trace.on) trace.tell(process.name, `transaction acknowledged: commit ${write.commit}`, rows);
    checker.acked(write);
  }

  #describe(effects: readonly Effect[]): { readonly write: Write; readonly changes: readonly Change[] } {
    const { process, checker } = this.#parts;
    const write: Write = { process, effects };
    const changes = effects.map(changeOf);
    for (const change of changes) checker.describes(change, write);
    return { write, changes };
  }
}

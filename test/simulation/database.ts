import type { SimulatedProcess } from './process.js';
import type { RedisServer } from './redis-server.js';
import { applied, type Effect, matches, type Question, type Row, type RowState } from './rows.js';
import { GROUPS, ROWS } from './settings.js';

/** One commit that an application wanted, and what became of it as far as the world knows. */
export interface Write {
  readonly process: SimulatedProcess;
  readonly effects: readonly Effect[];
  /** When the log took its announcement, and whether its process waited for that. */
  announcedAt?: number;
  /** Its place among all commits, and when readers began to see it. */
  commit?: number;
  committedAt?: number;
  /** When the log took its record. */
  loggedAt?: number;
  /** Where it took its announcement and when which server took its record, kept only where there are several. */
  announcedOn?: RedisServer;
  loggedOn?: Map<RedisServer, number>;
  /** When its caller got the acknowledgement. */
  ackedAt?: number;
  /** Whether its caller was informed that the outcome is unknown. */
  uncertain?: boolean;
  /** Whether other caches of its process deliver it, too, in words of their own. */
  handedOver?: boolean;
  /** Whether its process has reported that the log may never take its record. */
  lost?: boolean;
}

/** A certain failure: nothing was, or will be, committed. */
export class RefusedError extends Error {}

/** The database: a list of states, one after each commit. */
export class Database {
  readonly states: (readonly RowState[])[] = [
    Array.from({ length: ROWS }, (_, id) => ({ id, version: 1, group: id % GROUPS, present: true })),
  ];
  /** What brought the state of the same index. */
  readonly writes: (Write | undefined)[] = [undefined];

  /** The newest commit. */
  get head(): number {
    return this.states.length - 1;
  }

  /** The newest commit that readers saw at `time`. */
  headAt(time: number): number {
    return Math.max(
      0,
      this.writes.findLastIndex((write) => (write?.committedAt ?? time) <= time),
    );
  }

  answer(question: Question, state = this.head): readonly Row[] {
    return (this.states[state] as readonly RowState[])
      .filter((row) => matches(question, row))
      .map(({ id, version, group }) => ({ id, version, group }));
  }

  commit(write: Write, now: number): void {
    this.states.push(write.effects.reduce((rows, effect) => applied(effect, rows), this.states.at(-1) ?? []));
    this.writes.push(write);
    write.commit = this.head;
    write.committedAt = now;
  }
}

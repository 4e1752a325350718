import type { ReadInfo } from '@cachetastic/core';
import type { DrizzleCacheControl } from '@cachetastic/drizzle';
import { exactText } from '../../support/exact-text.js';

/** What one process answered to one read, and where it had it from. */
export interface Answer {
  readonly name: string;
  readonly text: string;
  readonly status: ReadInfo['status'];
  readonly source: ReadInfo['source'];
}

/** Reads that are asked of a `Database`, by name. */
type Reads<Database> = Readonly<Record<string, (db: Database) => PromiseLike<unknown>>>;

/** A `Database` that caches. */
interface Caching<Database> {
  $cached(): Database;
  readonly $cache: Pick<DrizzleCacheControl, 'explain'>;
}

/** Asks `reads` of a caching database, one after the other. */
export async function askAll<Database>(db: Caching<Database>, reads: Reads<Database>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const [name, read] of Object.entries(reads)) {
    const { data, info } = await db.$cache.explain(() => read(db.$cached()));
    answers.push({ name, text: textOf(data), status: info.status, source: info.source });
  }
  return answers;
}

/** What the database answers to `reads`, past every cache. */
export async function truthOf<Database>(base: Database, reads: Reads<Database>): Promise<string[]> {
  const texts: string[] = [];
  for (const read of Object.values(reads)) texts.push(textOf(await read(base)));
  return texts;
}

/** The rows of an answer. Raw SQL is answered by each driver in its own way. */
export function rowsIn(answer: unknown): unknown {
  if (typeof answer === 'object' && answer !== null && 'rows' in answer) return answer.rows;
  if (!Array.isArray(answer)) return answer;
  // `mysql2` gives rows and columns in a pair.
  return Array.isArray(answer[0]) && Array.isArray(answer[1]) ? answer[0] : [...answer];
}

/** Rows of classes that drivers make up are cached as plain ones: a clone has no class but JavaScript's own. */
function textOf(answer: unknown): string {
  return exactText(structuredClone(rowsIn(answer)));
}

import { type Change, EVERYTHING } from '../match/change.js';
import { isRecord } from '../plain.js';
import { groupChanges, ungroupChanges } from './grouped-changes.js';
import type { LogRecord } from './log-record.js';

/** Beyond either, changes are written in groups. */
const MOST_BYTES = 4_096;
const MOST_CHANGES = 100;
/**
 * Beyond it a record says less: first no rows, then no tables. The log's memory and every process's reading of it stay
 * bounded. A name of 25 characters takes 28 bytes, so that a thousand tables can be named.
 */
const MOST_GROUPED_BYTES = 32_768;
/** Reading and judging a record takes time by the number of its changes. */
const MOST_GROUPED_CHANGES = 1_000;

/** A record as the log carries it. */
export interface EncodedRecord {
  readonly text: string;
  /** It was too large: it affects more than `changes` did. */
  readonly widened: boolean;
}

/**
 * Writes `changes` as JSON, readable in `redis-cli`: one by one, or in groups if they are many. A list that is too large
 * all the same loses its facts, then its models.
 *
 * A process of a version that does not know groups takes such a record for one that affects everything.
 */
export function encodeRecord(changes: readonly Change[]): EncodedRecord {
  const exact = fitting(changes);
  if (exact !== undefined) return { text: exact, widened: false };
  return { text: fitting(withoutFacts(changes)) ?? JSON.stringify([EVERYTHING]), widened: true };
}

/**
 * Reads a record of the log: what `encodeRecord` wrote, alone or with the intent that it begins, ends or expires.
 * Anything else, such as a record of a later version, affects everything.
 */
export function decodeRecord(text: string): Omit<LogRecord, 'seq'> {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return UNREADABLE;
  }
  const alone = toChanges(read);
  if (alone !== undefined) return { changes: alone };
  if (!isRecord(read)) return UNREADABLE;
  const { intent, closes, expires } = read;
  const changes = toChanges(read['changes']);
  if (changes === undefined) return UNREADABLE;
  if (intent === true) return { changes, intent };
  if (isSeq(expires)) return { changes, expires };
  if (Array.isArray(closes) && closes.every(isSeq)) return { changes, closes };
  return UNREADABLE;
}

/** Reads changes as `encodeRecord` wrote them. */
export function decodeChanges(text: string): readonly Change[] {
  return decodeRecord(text).changes;
}

const UNREADABLE: Omit<LogRecord, 'seq'> = { changes: [EVERYTHING] };

function toChanges(value: unknown): readonly Change[] | undefined {
  const changes = isRecord(value) ? ungroupChanges(value) : value;
  return areChanges(changes) ? changes : undefined;
}

function areChanges(value: unknown): value is readonly Change[] {
  return Array.isArray(value) && value.every(isChange);
}

function isSeq(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function fitting(changes: readonly Change[]): string | undefined {
  if (changes.length > MOST_GROUPED_CHANGES) return undefined;
  const text = changes.length > MOST_CHANGES ? undefined : JSON.stringify(changes);
  if (text !== undefined && Buffer.byteLength(text) <= MOST_BYTES) return text;
  const grouped = JSON.stringify(groupChanges(changes));
  return Buffer.byteLength(grouped) <= MOST_GROUPED_BYTES ? grouped : undefined;
}

function withoutFacts(changes: readonly Change[]): readonly Change[] {
  const widened = new Map<string, Change>();
  for (const change of changes) {
    const wide: Change = change.kind === 'model' ? { kind: 'model', model: change.model, op: 'any' } : change;
    widened.set(JSON.stringify(wide), wide);
  }
  return [...widened.values()];
}

function isChange(value: unknown): value is Change {
  if (!isRecord(value)) return false;
  switch (value['kind']) {
    case 'everything':
      return true;
    case 'tag':
      return typeof value['tag'] === 'string';
    case 'model':
      return (
        typeof value['model'] === 'string' &&
        isOperation(value['op']) &&
        [value['before'], value['after']].every(areFacts)
      );
    default:
      return false;
  }
}

function isOperation(value: unknown): boolean {
  return value === 'create' || value === 'update' || value === 'delete' || value === 'any';
}

function areFacts(value: unknown): boolean {
  return value === undefined || (isRecord(value) && Object.values(value).every((fact) => typeof fact === 'string'));
}

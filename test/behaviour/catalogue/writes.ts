import { NESTED_WRITES } from './nested-writes.js';
import { PLAIN_WRITES } from './plain-writes.js';
import { RAW_WRITES } from './raw-writes.js';
import { RELATION_WRITES } from './relation-writes.js';
import type { Write } from './write.js';

/** Every write of the matrix. */
export const WRITES: readonly Write[] = [...PLAIN_WRITES, ...NESTED_WRITES, ...RELATION_WRITES, ...RAW_WRITES];

/** The write called `name`. */
export function writeCalled(name: string): Write {
  const found = WRITES.find((write) => write.name === name);
  if (found === undefined) throw new Error(`There is no write called ${name}`);
  return found;
}

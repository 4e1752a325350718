import { expect, it } from 'vitest';
import { unlisted } from '../../../packages/drizzle/src/driver/unlisted.js';
import { changedNothing } from '../../../packages/drizzle/src/intercept/write-outcome.js';

it.each<[what: string, provider: 'postgresql' | 'mysql' | 'sqlite', error: object, certain: boolean]>([
  ['an unknown table', 'postgresql', { code: '42P01', severity: 'ERROR' }, true],
  ['a unique key', 'postgresql', { code: '23505', severity: 'ERROR' }, true],
  ['a lost connection', 'postgresql', { code: '08006', severity: 'FATAL' }, false],
  ['a shutdown', 'postgresql', { code: '57P01', severity: 'FATAL' }, false],
  ['a state that a client reports of itself', 'postgresql', { sqlState: 'HY000' }, false],
  ['a code of Node', 'postgresql', { code: 'EPIPE' }, false],
  ['an unknown table', 'mysql', { sqlState: '42S02' }, true],
  ['a unique key', 'mysql', { sqlState: '23000' }, false],
  ['an unknown table', 'sqlite', { code: 'SQLITE_ERROR' }, true],
  ['a constraint', 'sqlite', { code: 'SQLITE_CONSTRAINT' }, false],
])('after %s on %s: %j, that the write changed nothing is certain: %s', (_, provider, error, certain) => {
  expect(changedNothing({ provider, driver: unlisted }, error)).toBe(certain);
});

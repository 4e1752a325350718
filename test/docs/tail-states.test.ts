import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FLAGS, INPUTS } from '../core/tail/tail-states.js';
import { MUTANTS } from '../simulation/mutants.js';
import { codesIn, ROOT, readPage, section } from './markdown.js';
import { tailTables } from './tail-tables.js';

const PAGE = readPage('docs/concepts/invalidation-log.md');

it('the page on the log shows the tables of the tail that a test compares with the code', () => {
  const shown = /<!-- tables of test\/core\/tail\/tail-states\.ts -->\n\n([\s\S]*?)\n\n<!-- end -->/.exec(PAGE)?.[1];

  expect(shown).toBe(tailTables());
});

describe('the invariants on the page on the log', () => {
  const known = new Set([...Object.keys(FLAGS), ...Object.keys(INPUTS), ...MUTANTS.map(({ name }) => name)]);
  const invariants = section(PAGE, 'Invariants')
    .split(/^\d+\. /m)
    .slice(1);

  it.each(invariants)('each name a place that exists and enforces them: %s', (invariant) => {
    const [, enforced = ''] = invariant.split('*Enforced by*');
    const named = codesIn(enforced.replaceAll('\n', ' ').replaceAll(/ +/g, ' '));

    expect(named).not.toEqual([]);
    expect(named.filter((name) => !known.has(name) && !existsSync(join(ROOT, name)))).toEqual([]);
  });
});

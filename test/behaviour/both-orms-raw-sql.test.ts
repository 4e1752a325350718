import { readFileSync } from 'node:fs';
import type { Dependency } from '@cachetastic/core';
import {
  analyseRead,
  analyseWrite,
  KnownFunctions,
  parseSql,
  type ReadAnalysis,
  type WriteAnalysis,
} from '@cachetastic/core/sql';
import { PgDialect } from 'drizzle-orm/pg-core';
import { describe, expect, it } from 'vitest';
import { KnownTables } from '../../packages/drizzle/src/schema/known-tables.js';
import { analyzerFor } from '../prisma-extension/analysis/blog-schema.js';
import { RAW_READS, RAW_WRITES, type RawStatement } from './both-orms/raw-statements.js';
import * as tables from './both-orms/tables.js';

const VIEW = { post_stats: ['posts', '_PostToTag'] };

const known = new KnownTables({
  provider: 'postgresql',
  dialect: new PgDialect() as never,
  definitions: Object.values(tables),
  tables: {},
  views: VIEW,
  functions: new KnownFunctions('postgresql'),
});
const prisma = analyzerFor(readFileSync(new URL('../fixtures/blog/schema.prisma', import.meta.url), 'utf8'), {
  models: { PostStats: { dependsOn: ['Post'] } },
});

/** Prisma has no model of it, so a change of one row affects every read of the table. */
const JOIN_TABLE = '_PostToTag';

function readBy({ sql, values = [], declared }: RawStatement<unknown>): Readonly<Record<string, ReadAnalysis>> {
  const models = declared && known.named('tables', declared.tables);
  return {
    drizzle: analyseRead(
      { ...known.current, declared: models && { models, joinTables: [] } },
      parseSql(sql, 'postgresql'),
      values,
    ),
    prisma: prisma.readRaw({ text: sql, values }, 'models', declared?.models),
  };
}

function dependenciesOf(analysis: ReadAnalysis): unknown {
  if (!analysis.cacheable) return analysis.reason;
  return analysis.footprint.dependencies
    .map(({ model, where }: Dependency) => (where === undefined || model === JOIN_TABLE ? model : [model, where]))
    .toSorted(byText);
}

function changesOf({ changes }: WriteAnalysis): unknown {
  if (changes.some(({ kind }) => kind === 'everything')) return 'everything';
  const found = changes.flatMap((change) => (change.kind === 'model' ? [change] : []));
  const described = found.map(({ model, op, before, after }) =>
    model === JOIN_TABLE || (before ?? after) === undefined
      ? model
      : [model, op, { ...(before && { before }), ...(after && { after }) }],
  );
  return [...new Set(described)].toSorted(byText);
}

/** With what happens to the rows of which nothing is certain. */
function operationsOf({ changes }: WriteAnalysis): readonly string[] {
  const operations = changes.map((change) =>
    change.kind !== 'model' || change.model === JOIN_TABLE ? '' : `${change.op} ${change.model}`,
  );
  return [...new Set(operations)].toSorted();
}

const byText = (one: unknown, other: unknown): number => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);

const titleOf = ({ sql, values = [], declared }: RawStatement<unknown>): string =>
  [sql, ...(values.length === 0 ? [] : [`with ${values.join()}`]), ...(declared?.tables ?? [])].join(', ');

describe('a raw query depends on the same tables and rows for both ORMs', () => {
  it.each(RAW_READS.map((read) => [titleOf(read), read] as const))('%s', (_title, read) => {
    const { expected } = read;
    const wanted = typeof expected === 'string' ? expected : expected.toSorted(byText);
    const { drizzle, prisma } = readBy(read);

    expect(drizzle && dependenciesOf(drizzle), 'Drizzle').toEqual(wanted);
    expect(prisma && dependenciesOf(prisma), 'Prisma').toEqual(wanted);
  });
});

describe('a raw statement changes the same tables and rows for both ORMs', () => {
  it.each(RAW_WRITES.map((write) => [titleOf(write), write] as const))('%s', (_title, write) => {
    const { sql, values = [], rows, expected } = write;
    const { schema, declarations } = known.current;
    const wanted = typeof expected === 'string' ? expected : expected.toSorted(byText);

    const byDrizzle = analyseWrite(schema, declarations, parseSql(sql, 'postgresql'), values, rows);
    const byPrisma = prisma.writeRaw({ text: sql, values }, rows);
    expect(changesOf(byDrizzle), 'Drizzle').toEqual(wanted);
    expect(changesOf(byPrisma), 'Prisma').toEqual(wanted);
    expect(operationsOf(byPrisma)).toEqual(operationsOf(byDrizzle));
    expect(byPrisma.widened).toBe(byDrizzle.widened);
  });
});

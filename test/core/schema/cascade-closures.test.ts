import { describe, expect, it } from 'vitest';
import {
  analyseWrite,
  Declarations,
  type DeclaredModels,
  type Model,
  parseSql,
  type Reference,
  type ReturnedRow,
  type ScalarField,
  type Schema,
} from '../../../packages/core/src/sql/index.js';
import { smallSchema, WORDS } from '../sql/small-schema.js';

function table(name: string, columns: readonly string[], id: readonly string[]): Model {
  const fields = columns.map((column): [string, ScalarField] => [
    column,
    { kind: 'scalar', name: column, column, comparable: 'integer', derived: false },
  ]);
  return { name, table: name, isView: false, fields: new Map(fields), id, uniques: [id] };
}

function reference(child: string, fields: readonly string[], parent: string, references: readonly string[]): Reference {
  return { child, parent, foreignKey: { fields, references }, onDelete: 'Cascade', onUpdate: 'Cascade' };
}

const MODELS = [
  table('shops', ['id'], ['id']),
  table('orders', ['shop', 'number'], ['shop', 'number']),
  table('lines', ['id', 'shop', 'number'], ['id']),
  table('notes', ['id', 'line'], ['id']),
  table('log', ['id'], ['id']),
];

const REFERENCES = [
  reference('orders', ['shop'], 'shops', ['id']),
  reference('lines', ['shop', 'number'], 'orders', ['shop', 'number']),
  reference('notes', ['line'], 'lines', ['id']),
];

/** Shops, their orders by a key that holds that of the shop, lines of orders, and notes on lines. */
function shopSchema(references: readonly Reference[] = REFERENCES) {
  const counts = { references: 0 };
  const schema: Schema = {
    models: new Map(MODELS.map((model) => [model.name, model])),
    get references() {
      counts.references += 1;
      return references;
    },
    joinTables: new Map(),
    provider: 'postgresql',
    degraded: undefined,
    fingerprint: '',
  };
  return { schema, counts };
}

function changer(schema: Schema, declared: DeclaredModels = {}) {
  const declarations = new Declarations(schema, declared, WORDS);
  return (sql: string, parameters: readonly unknown[] = [], rows?: readonly ReturnedRow[]) =>
    analyseWrite(schema, declarations, parseSql(sql, schema.provider), parameters, rows).changes;
}

const deleted = (model: string, before?: Readonly<Record<string, string>>) => ({
  kind: 'model',
  model,
  op: 'delete',
  ...(before && { before }),
});

describe('the set of changes that follow from changed rows', () => {
  it('is computed once for all rows of a table and operation', () => {
    const { schema, counts } = shopSchema();
    const changes = changer(schema);
    const asked = (sql: string, parameters: readonly unknown[], rows?: readonly ReturnedRow[]): number => {
      const before = counts.references;
      changes(sql, parameters, rows);
      return counts.references - before;
    };

    expect(asked('delete from shops where id = $1', [1])).toBeGreaterThan(0);
    expect(asked('delete from shops where id = $1', [2])).toBe(0);
    expect(asked('delete from shops where id = 3', [])).toBe(0);
    expect(asked('delete from shops where true returning id', [], [{ id: 4 }, { id: 5 }])).toBe(0);
    expect(asked('delete from shops', [])).toBeGreaterThan(0);
    expect(asked('delete from shops', [])).toBe(0);
    expect(asked('update shops set id = 7 where id = $1', [1])).toBeGreaterThan(0);
    expect(asked('update shops set id = 9 where id = $1', [2])).toBe(0);
  });

  it('contains the known columns of each row, as deep as keys determine them', () => {
    const changes = changer(shopSchema().schema);

    for (const id of [1, 2]) {
      expect(changes('delete from shops where id = $1', [id])).toEqual([
        deleted('shops', { id: `i:${id}` }),
        deleted('orders', { shop: `i:${id}` }),
        deleted('lines', { shop: `i:${id}` }),
        deleted('notes'),
      ]);
    }
    expect(changes('delete from shops')).toEqual(['shops', 'orders', 'lines', 'notes'].map((name) => deleted(name)));
    expect(new Set(changes('delete from shops where true returning id', [], [{ id: 4 }, { id: 5 }]))).toEqual(
      new Set([
        ...[4, 5].flatMap((id) => [
          deleted('shops', { id: `i:${id}` }),
          deleted('orders', { shop: `i:${id}` }),
          deleted('lines', { shop: `i:${id}` }),
        ]),
        deleted('notes'),
      ]),
    );
  });

  it('belongs to the schema and the declarations that it was computed for', () => {
    const [one, other] = [
      shopSchema().schema,
      shopSchema([...REFERENCES, reference('log', ['id'], 'notes', ['id'])]).schema,
    ];
    const tables = (changes: ReturnType<typeof changer>) =>
      new Set(changes('delete from shops where id = 1').map((change) => Reflect.get(change, 'model')));

    const known = ['shops', 'orders', 'lines', 'notes'];
    expect(tables(changer(one))).toEqual(new Set(known));
    expect(tables(changer(other))).toEqual(new Set([...known, 'log']));
    expect(tables(changer(one, { notes: { triggers: ['log'] } }))).toEqual(new Set([...known, 'log']));
    expect(tables(changer(one))).toEqual(new Set(known));
  });

  it.each([
    'delete from orgs where id = 1',
    'update orgs set id = 2 where id = 1',
    'update orgs set title = $1 where id = 1',
    'delete from users where slug = $1',
    'update users set (id, score) = (2, 3)',
    'delete from posts where id = 1',
    'delete from active_names',
    'truncate comments',
  ])('is the same when it is computed again: %s', (sql) => {
    const changes = changer(smallSchema());
    const first = changes(sql, ['a']);

    for (const other of ['delete from orgs where id = 5', 'delete from users', 'update posts set id = 3 where id = 2'])
      changes(other);
    expect(changes(sql, ['a'])).toEqual(first);
    expect(changer(smallSchema())(sql, ['a'])).toEqual(first);
  });
});

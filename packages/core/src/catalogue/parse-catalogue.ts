import type { Catalogue, CatalogueForeignKey, CatalogueTrigger, ForeignKeyAction, Volatility } from './catalogue.js';

/** A row of the result of `catalogueQuestion`. */
export type CatalogueRow = Readonly<Record<string, unknown>>;

type Facts = readonly unknown[];

/**
 * Parses the rows of `catalogueQuestion`.
 *
 * @throws what `JSON.parse` throws, if the answer has another form.
 */
export function parseCatalogue(rows: readonly CatalogueRow[]): Catalogue {
  const byKind = new Map<string, Facts[]>();
  for (const { kind, facts } of rows) {
    const parsed: unknown = typeof facts === 'string' ? JSON.parse(facts) : facts;
    if (!Array.isArray(parsed)) throw new TypeError(`The catalogue answered with ${JSON.stringify(facts)}.`);
    byKind.set(String(kind), [...(byKind.get(String(kind)) ?? []), parsed]);
  }
  const of = (kind: string): readonly Facts[] => byKind.get(kind) ?? [];
  const bodies = new Map(of('body').map(([id, ...body]) => [String(id), body]));
  return {
    functions: {
      path: of('path').map(([schema]) => String(schema)),
      functions: of('function').map(([schema, name, volatility, ofExtension]) => ({
        schema: String(schema),
        name: String(name),
        volatility: volatilityOf(volatility),
        ofExtension: ofExtension === true,
      })),
      ofServer: of('server').map(([name, volatility]) => ({
        name: String(name),
        volatility: volatilityOf(volatility),
      })),
      likeColumns: new Map(
        of('like-column').map(([name, tables]) => [String(name), new Set((tables as Facts).map(String))]),
      ),
    },
    foreignKeys: foreignKeysOf(of('foreign-key')),
    triggers: [
      ...of('trigger').map((facts) => triggerOf(facts, bodies)),
      ...of('rule').map(ruleOf),
      ...of('replaces').map(replacementOf),
    ],
    inherits: of('inherits').map(([child, parent]) => ({ child: String(child), parent: String(parent) })),
    shows: of('shows').map(([table, source]) => ({ table: String(table), source: String(source) })),
    views: of('view').map(([view]) => String(view)),
    derived: of('derived').map(([table, column]) => ({ table: String(table), column: String(column) })),
    collations: of('collation').map(([table, column, collation, deterministic]) => ({
      table: String(table),
      column: String(column),
      collation: String(collation),
      deterministic: deterministic === true || deterministic === 1,
    })),
    withoutRollback: of('without-rollback').map(([table]) => String(table)),
    missing: of('missing').map(([what]) => String(what)),
  };
}

function volatilityOf(input: unknown): Volatility {
  return input === 0 ? 'immutable' : input === 1 ? 'stable' : 'volatile';
}

const ACTIONS: Readonly<Record<string, ForeignKeyAction>> = {
  a: 'NoAction',
  r: 'Restrict',
  c: 'Cascade',
  n: 'SetNull',
  d: 'SetDefault',
  'no action': 'NoAction',
  restrict: 'Restrict',
  cascade: 'Cascade',
  'set null': 'SetNull',
  'set default': 'SetDefault',
};

/** One key has a row for each of its columns. */
function foreignKeysOf(rows: readonly Facts[]): readonly CatalogueForeignKey[] {
  const byKey = new Map<string, readonly Facts[]>();
  for (const row of rows) byKey.set(String(row[0]), [...(byKey.get(String(row[0])) ?? []), row]);
  return [...byKey.values()].map((columns): CatalogueForeignKey => {
    const ordered = columns.toSorted((one, other) => Number(one[1]) - Number(other[1]));
    const [, , child, , parent, , onDelete, onUpdate, childSchema] = ordered[0] ?? [];
    const parentColumns = ordered.map((column) => column[5]);
    return {
      child: String(child),
      childSchema: typeof childSchema === 'string' ? childSchema : undefined,
      childColumns: ordered.map((column) => String(column[3])),
      parent: String(parent),
      parentColumns: parentColumns.includes(null) ? [] : parentColumns.map(String),
      onDelete: ACTIONS[String(onDelete).toLowerCase()] ?? 'Cascade',
      onUpdate: ACTIONS[String(onUpdate).toLowerCase()] ?? 'Cascade',
    };
  });
}

/** PostgreSQL: a number with a bit for each property, and the function. MySQL: words and the statement. SQLite: its text. */
function triggerOf([table, name, type, code]: Facts, bodies: ReadonlyMap<string, Facts>): CatalogueTrigger {
  const called = { kind: 'trigger', table: String(table), name: `the trigger ${String(name)}` } as const;
  if (typeof type === 'number') {
    const ops = opsOf((type & 4) !== 0, (type & 16) !== 0, (type & (8 | 32)) !== 0);
    return { ...called, ops, before: (type & 3) === 3, code: codeOf(bodies.get(String(code)) ?? []) };
  }
  const text = String(type);
  if (code !== undefined) {
    const ops = opsOf(/insert/i.test(text), /update/i.test(text), /delete/i.test(text));
    return { ...called, ops, before: /before/i.test(text), code: String(code) };
  }
  const head = SQLITE_TRIGGER.exec(text);
  if (head === null) return { ...called, ops: opsOf(true, true, true), before: false, code: undefined };
  const op = String(head[1]).toLowerCase();
  // Unlike in other databases, it cannot change the row that is written: it can only write to its table.
  return {
    ...called,
    ops: opsOf(op === 'insert', op === 'update', op === 'delete'),
    before: false,
    code: text.slice(head[0].length),
  };
}

const SQLITE_NAME = '(?:"(?:[^"]|"")*"|`(?:[^`]|``)*`|\\[[^\\]]*\\]|\'(?:[^\']|\'\')*\'|[^\\s."\'`[]+)';
const SQLITE_TRIGGER = new RegExp(
  `^\\s*create\\s+(?:temp\\w*\\s+)?trigger\\s+(?:if\\s+not\\s+exists\\s+)?${SQLITE_NAME}(?:\\s*\\.\\s*${SQLITE_NAME})?` +
    '\\s*(?:before|after|instead\\s+of)?\\s*\\b(insert|update|delete)\\b',
  'i',
);

/** The C function of the extension that sets the time of a change only sets a time. */
const HARMLESS_LIBRARY = /(^|\/)moddatetime$/;

/** PostgreSQL's own trigger functions change a column for full-text search, or nothing. */
function codeOf([language, source, ofServer, library]: Facts): string | undefined {
  if (ofServer === true || (language === 'c' && HARMLESS_LIBRARY.test(String(library)))) return '';
  return language === 'plpgsql' ? String(source) : undefined;
}

function ruleOf([table, name, event, text]: Facts): CatalogueTrigger {
  const definition = String(text);
  return {
    kind: 'rule',
    table: String(table),
    name: `the rule ${String(name)}`,
    ops: opsOf(event === '3', event === '2', event === '4'),
    before: false,
    code: definition.slice(Math.max(definition.search(/\bdo\b/i), 0)),
  };
}

/** A constraint of SQLite with `on conflict replace`: a row that is written takes others away, as if a trigger did. */
function replacementOf([table]: Facts): CatalogueTrigger {
  const name = String(table);
  const code = `begin delete from "${name.replaceAll('"', '""')}"; end`;
  return {
    kind: 'trigger',
    table: name,
    name: 'on conflict replace',
    ops: opsOf(true, true, false),
    before: false,
    code,
  };
}

function opsOf(create: boolean, update: boolean, remove: boolean): CatalogueTrigger['ops'] {
  const ops = new Set<'create' | 'update' | 'delete'>();
  if (create) ops.add('create');
  if (update) ops.add('update');
  if (remove) ops.add('delete');
  return ops;
}

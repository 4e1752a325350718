import type * as Root from 'drizzle-orm';
import type { Dice } from '../../behaviour/random/dice.js';
import type { ColumnShape, Shape } from '../../behaviour/random/shape.js';
import { shapeOf } from '../prisma/shape.js';
import type { Kit } from './kit.js';
import type { Tables } from './tables.js';

/** What every builder of a query can do, whatever it selects. */
export interface Query extends PromiseLike<unknown> {
  from(source: unknown): Query;
  where(condition: unknown): Query;
  orderBy(...by: unknown[]): Query;
  groupBy(...by: unknown[]): Query;
  having(condition: unknown): Query;
  limit(count: unknown): Query;
  offset(count: unknown): Query;
  innerJoin(table: unknown, on: unknown): Query;
  leftJoin(table: unknown, on: unknown): Query;
  rightJoin(table: unknown, on: unknown): Query;
  fullJoin(table: unknown, on: unknown): Query;
  leftJoinLateral(table: unknown, on: unknown): Query;
  crossJoinLateral(table: unknown): Query;
  union(other: unknown): Query;
  unionAll(other: unknown): Query;
  intersect(other: unknown): Query;
  except(other: unknown): Query;
  values(rows: unknown): Query;
  select(query: unknown): Query;
  set(values: unknown): Query;
  returning(fields?: unknown): Query;
  onConflictDoNothing(config?: unknown): Query;
  onConflictDoUpdate(config: unknown): Query;
  onDuplicateKeyUpdate(config: unknown): Query;
  as(name: string): Readonly<Record<string, unknown>>;
  prepare(name?: string): { execute(values: object): PromiseLike<unknown> };
  toSQL(): { readonly sql: string; readonly params: readonly unknown[] };
}

/** A database of any dialect and generation. */
export interface Db {
  select(fields?: unknown): Query;
  selectDistinct(fields?: unknown): Query;
  selectDistinctOn(on: unknown[], fields?: unknown): Query;
  insert(table: unknown): Query;
  update(table: unknown): Query;
  delete(table: unknown): Query;
  $with(name: string): { as(query: unknown): Readonly<Record<string, unknown>> };
  with(...parts: unknown[]): Pick<Db, 'select' | 'update' | 'delete'>;
  $count(table: unknown, where?: unknown): Query;
  execute(sql: unknown): Query;
  all(sql: unknown): Query;
  batch(queries: unknown[]): PromiseLike<unknown>;
  refreshMaterializedView(view: unknown): Query;
  transaction(work: (tx: Db) => Promise<unknown>): PromiseLike<unknown>;
  readonly query: Readonly<Record<string, Record<'findMany' | 'findFirst', (config?: object) => Query>>>;
}

/** What random queries of one generation are made of in one dialect. */
export interface Language {
  readonly generation: '0.45' | '1.0';
  readonly dialect: Kit['dialect'];
  readonly orm: typeof Root;
  readonly tables: Tables;
  readonly shape: Shape;
  alias(table: unknown, name: string): unknown;
}

/** What random acts are made with. */
export interface Maker {
  readonly language: Language;
  readonly dice: Dice;
  readonly db: Db;
}

/** The models of the shape, as Drizzle's tables have them. */
export function drizzleShape(dialect: Kit['dialect']): Shape {
  const postgres = dialect === 'postgresql';
  const { label, ...shape } = shapeOf({ postgres, decimal: (text) => text, jsonNulls: [] });
  const { article } = shape;
  if (label === undefined || article === undefined) throw new Error('no labels');
  const id: ColumnShape = { type: 'int', values: [1, 1, 2, 2, 3, 4] };
  return {
    ...shape,
    label: { ...label, relations: {} },
    articleLabel: { columns: { articleId: id, labelId: id }, keys: [['articleId', 'labelId']], relations: {} },
    busyPerson: {
      columns: {
        id: { type: 'bigint', values: [1n, 2n, 3n] },
        name: { type: 'text', values: ['Ada', 'Ben'] },
        title: { type: 'text', values: ['One', 'Two'] },
      },
      keys: [['id', 'title']],
      relations: {},
      view: true,
    },
  };
}

/** `value`, as code gives it to a column of this dialect. */
export function given({ dialect }: Language, { type }: ColumnShape, value: unknown): unknown {
  if (value === null) return null;
  if (type === 'bytes' && value instanceof Uint8Array) return Buffer.from(value);
  if (type === 'decimal') return String(value);
  if (type === 'date') {
    const date = new Date(value as string | Date);
    return dialect === 'sqlite' ? date.toISOString() : date;
  }
  return typeof value === 'bigint' && dialect === 'sqlite' ? Number(value) : value;
}

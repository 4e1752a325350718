import { at, isEntity, isPlainObject, isTable, isView } from '../objects/entities.js';

/** Tables and views that a piece of Drizzle's SQL holds. */
export interface EntitiesFound {
  readonly tables: ReadonlySet<Readonly<Record<PropertyKey, unknown>>>;
  readonly views: ReadonlySet<Readonly<Record<PropertyKey, unknown>>>;
}

/** Walks through `sql`: chunks, subqueries, queries that are still being built, and what they are built from. */
export function entitiesIn(sql: unknown): EntitiesFound {
  const tables = new Set<Readonly<Record<PropertyKey, unknown>>>();
  const views = new Set<Readonly<Record<PropertyKey, unknown>>>();
  const seen = new Set<unknown>();
  const waiting: unknown[] = [sql];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (!isEntity(value) || seen.has(value)) continue;
    seen.add(value);
    // Not all at once: a long list has more items than a call may have arguments.
    if (Array.isArray(value)) for (const item of value) waiting.push(item);
    else if (isTable(value)) tables.add(value);
    else if (isView(value)) views.add(value);
    else if (isPlainObject(value)) for (const item of Object.values(value)) waiting.push(item);
    // The table of a column may be none: a view's columns have one that is called like the view.
    else if ('columnType' in value) continue;
    else {
      // A subquery and an alias lead to their SQL, a builder to what it was given.
      waiting.push(value['queryChunks'], value['sql'], at(value, '_', 'sql'), value['config']);
      // The value of a parameter may be SQL; anything else there is data.
      const inner = value['value'];
      if (isEntity(inner) && 'queryChunks' in inner) waiting.push(inner);
    }
  }
  return { tables, views };
}

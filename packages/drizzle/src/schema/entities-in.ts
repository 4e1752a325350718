import { at, type Entity, isEntity, isPlainObject, isTable, isView } from '../objects/entities.js';

/** Tables and views that a piece of Drizzle's SQL contains. */
export interface ContainedEntities {
  readonly tables: ReadonlySet<Entity>;
  readonly views: ReadonlySet<Entity>;
}

/** Finds the tables and views in `sql`: in chunks, subqueries, and builders with their configuration. */
export function entitiesIn(sql: unknown): ContainedEntities {
  const tables = new Set<Entity>();
  const views = new Set<Entity>();
  const seen = new Set<unknown>();
  const waiting: unknown[] = [sql];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (!isEntity(value) || seen.has(value)) continue;
    seen.add(value);
    // One by one: a long list has more items than a call may have arguments.
    if (Array.isArray(value)) for (const item of value) waiting.push(item);
    else if (isTable(value)) tables.add(value);
    else if (isView(value)) views.add(value);
    else if (isPlainObject(value)) for (const item of Object.values(value)) waiting.push(item);
    // Not the table of a column: for the column of a view, that is an object with the name of the view.
    else if ('columnType' in value) continue;
    else {
      // A subquery and an alias contain SQL, a builder its configuration.
      waiting.push(value['queryChunks'], value['sql'], at(value, '_', 'sql'), value['config']);
      // The value of a parameter may be SQL. Any other value is data.
      const inner = value['value'];
      if (isEntity(inner) && 'queryChunks' in inner) waiting.push(inner);
    }
  }
  return { tables, views };
}

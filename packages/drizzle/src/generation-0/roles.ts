import { at, ENTITY_KIND, isOfKind } from '../objects/entities.js';

/** The part that an object has in the SQL of a query. */
export type Role =
  | 'text'
  | 'name'
  | 'sql'
  | 'parameter'
  | 'placeholder'
  | 'aliased'
  | 'select'
  | 'column'
  | 'table'
  | 'list'
  | 'plain'
  | 'value'
  | 'unknown';

const ROLES = new Map<string, Role>([
  ['StringChunk', 'text'],
  ['Name', 'name'],
  ['SQL', 'sql'],
  ['Param', 'parameter'],
  ['Placeholder', 'placeholder'],
  ['SQL.Aliased', 'aliased'],
  ['PgSelect', 'select'],
  ['MySqlSelect', 'select'],
  ['SQLiteSelect', 'select'],
]);

/** By prototype. */
const known = new WeakMap<object, Role>();

/** The part that `object` has in the SQL of a query that contains it. */
export function roleOf(object: object): Role {
  // Drizzle treats every array as a list, also one of a derived class or of another realm.
  if (Array.isArray(object)) return 'list';
  const prototype: unknown = Object.getPrototypeOf(object);
  if (typeof prototype !== 'object' || prototype === null) return 'plain';
  const found = known.get(prototype);
  if (found !== undefined) return found;
  const role = roleOfClass(prototype, object);
  known.set(prototype, role);
  return role;
}

function roleOfClass(prototype: object, object: object): Role {
  if (prototype === Object.prototype) return 'plain';
  const maker = at(prototype, 'constructor');
  if (typeof maker !== 'function') return 'unknown';
  // A class that derives from one of Drizzle's may write anything.
  const kind = Object.hasOwn(maker, ENTITY_KIND) ? at(maker, ENTITY_KIND) : undefined;
  if (typeof kind === 'string') {
    if (isOfKind(object, 'Column')) return 'column';
    if (isOfKind(object, 'Table')) return 'table';
    return ROLES.get(kind) ?? 'unknown';
  }
  return ENTITY_KIND in maker || 'getSQL' in prototype ? 'unknown' : 'value';
}

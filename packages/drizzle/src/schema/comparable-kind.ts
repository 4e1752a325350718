import type { ComparableKind } from '@cachetastic/core/sql';
import { at, type Entity } from '../objects/entities.js';

const INTEGER = /^(small|medium|big|tiny)?(int|integer|serial)( unsigned)?(\(\d+\))?( unsigned)?$|^int[248]$/;
const TEXT = /^(text|tinytext|mediumtext|longtext|citext|varchar|char|character varying|character)(\(\d+\))?$/;

/** How the database compares the values of `column`; `undefined` if that is not certain. */
export function comparableKindOf(column: Entity): ComparableKind | undefined {
  const dimensions = at(column, 'dimensions');
  if (typeof dimensions === 'number' && dimensions > 0) return undefined;
  const getSQLType = at(column, 'getSQLType');
  const type: unknown = typeof getSQLType === 'function' ? getSQLType.call(column) : undefined;
  if (typeof type !== 'string') return undefined;
  const written = type.trim().toLowerCase();
  if (INTEGER.test(written)) return 'integer';
  if (written === 'boolean') return 'boolean';
  if (written === 'uuid') return 'uuid';
  return TEXT.test(written) ? 'text' : undefined;
}

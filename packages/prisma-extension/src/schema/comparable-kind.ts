import type { ComparableKind } from '@cachetastic/core/sql';
import type { TextField } from './schema-text.js';

/** Native types of `String` whose values are plain text. Others (inet, bit, xml …) are equal in ways of their own. */
const TEXT_TYPES: ReadonlySet<string> = new Set([
  'Text',
  'VarChar',
  'Char',
  'Citext',
  'String',
  'NVarChar',
  'NChar',
  'NText',
  'TinyText',
  'MediumText',
  'LongText',
]);
const UUID_TYPES: ReadonlySet<string> = new Set(['Uuid', 'UniqueIdentifier']);
/** In MySQL and SQLite a boolean column stores any integer: Prisma reads 5 as `true`, and `= true` does not find it. */
const BOOLEAN_PROVIDERS: ReadonlySet<string | undefined> = new Set([
  'postgresql',
  'postgres',
  'cockroachdb',
  'sqlserver',
]);

/** How the column of `field` compares in a database of `provider`; `undefined` where nothing is promised. */
export function comparableKindOf(field: TextField, provider: string | undefined): ComparableKind | undefined {
  const native = field.attributes
    .find(({ name }) => name.includes('.'))
    ?.name.split('.')
    .at(-1);
  switch (field.type) {
    case 'Int':
    case 'BigInt':
      // MySQL finds the year 1970 by 70.
      return native === 'Year' ? undefined : 'integer';
    case 'Boolean':
      if (!BOOLEAN_PROVIDERS.has(provider)) return undefined;
      return native === undefined || native === 'Boolean' || native === 'Bool' || native === 'Bit'
        ? 'boolean'
        : undefined;
    case 'String':
      if (native === undefined || TEXT_TYPES.has(native)) return 'text';
      return UUID_TYPES.has(native) ? 'uuid' : undefined;
    default:
      return undefined;
  }
}

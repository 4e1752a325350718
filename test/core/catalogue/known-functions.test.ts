import { describe, expect, it } from 'vitest';
import type { CatalogueFunction } from '../../../packages/core/src/catalogue/catalogue.js';
import { KnownFunctions } from '../../../packages/core/src/catalogue/known-functions.js';

const OWN: readonly CatalogueFunction[] = [
  { schema: 'public', name: 'log', volatility: 'volatile', ofExtension: false },
  { schema: 'hidden', name: 'lower', volatility: 'volatile', ofExtension: false },
  { schema: 'public', name: 'twice', volatility: 'immutable', ofExtension: false },
  { schema: 'public', name: 'total', volatility: 'stable', ofExtension: false },
  { schema: 'public', name: 'coalesce', volatility: 'volatile', ofExtension: false },
  { schema: 'public', name: 'Shout', volatility: 'immutable', ofExtension: false },
  { schema: 'public', name: 'uuid_generate_v4', volatility: 'volatile', ofExtension: true },
];

function postgresql(declared: readonly string[] = [], functions = OWN): KnownFunctions {
  const known = new KnownFunctions('postgresql', declared);
  known.learn({ path: ['public'], functions, ofServer: [], likeColumns: new Map() });
  return known;
}

const call = (written: string) => {
  const [name = '', schema] = written.split('.').reverse();
  const quoted = name.startsWith('"');
  return { schema, name: quoted ? name.slice(1, -1) : name, quoted };
};

describe('a function on PostgreSQL', () => {
  const known = postgresql(['slugify', 'tools.clean']);

  it.each([
    // Immutable, of the database or of the application.
    ['split_part', 'no', true],
    ['pg_catalog.log', 'no', true],
    ['twice', 'no', true],
    ['"Shout"', 'no', true],
    ['lower', 'no', true],
    // Stable: only those return the same result whose settings are part of the key.
    ['to_char', 'no', true],
    ['pg_typeof', 'no', false],
    ['total', 'no', false],
    // Volatile ones of the database.
    ['random', 'no', false],
    ['nextval', 'session', false],
    ['lo_unlink', 'session', false],
    ['uuid_generate_v4', 'no', false],
    // They run SQL that they are given.
    ['query_to_xml', 'maybe', false],
    ['ts_stat', 'maybe', false],
    // What is not the database's, or has an overload that is not, is not trusted.
    ['log', 'maybe', false],
    ['public.log', 'maybe', false],
    ['hidden.lower', 'maybe', false],
    ['missing', 'maybe', false],
    ['shout', 'maybe', false],
    ['public.split_part', 'maybe', false],
    // Of another version, or another database.
    ['json_set', 'maybe', false],
    ['field', 'maybe', false],
    // The parser reads it itself, unless it is quoted.
    ['coalesce', 'no', true],
    ['"coalesce"', 'maybe', false],
    // What the application declares.
    ['slugify', 'no', true],
    ['tools.clean', 'no', true],
    ['clean', 'maybe', false],
  ])('%s writes: %s; the same arguments give the same result: %s', (written, writes, alike) => {
    expect(known.judge(call(written))).toMatchObject({ writes, alike });
  });

  it('is looked up in all schemas once a session has changed its search path', () => {
    const changed = postgresql();
    changed.forgetPath();

    expect(changed.judge(call('lower')).writes).toBe('maybe');
  });

  it('is not trusted while it may have been replaced, unless it was declared', () => {
    const doubted = postgresql(['slugify']);
    doubted.doubt(true);

    expect(['lower', 'twice', 'slugify'].map((name) => doubted.judge(call(name)).writes)).toEqual([
      'maybe',
      'maybe',
      'no',
    ]);
  });

  it('is looked up in the list of built-in functions until the catalogue has been read', () => {
    const unread = new KnownFunctions('postgresql');

    expect(['split_part', 'twice', 'similarity'].map((name) => unread.judge(call(name)).writes)).toEqual([
      'no',
      'maybe',
      'maybe',
    ]);
  });

  it('is looked up in the catalogue if the server is newer than the lists', () => {
    const newer = new KnownFunctions('postgresql');
    newer.learn({
      path: [],
      functions: [],
      ofServer: [
        { name: 'newest', volatility: 'immutable' },
        { name: 'newest_writer', volatility: 'volatile' },
      ],
      likeColumns: new Map(),
    });

    expect(['newest', 'newest_writer'].map((name) => newer.judge(call(name)).writes)).toEqual(['no', 'maybe']);
  });
});

it.each([
  ['mysql', 'json_set', 'no', true],
  ['mysql', 'JSON_SET', 'no', true],
  ['mysql', 'uuid', 'no', false],
  ['mysql', 'get_lock', 'session', false],
  ['mysql', 'nextval', 'maybe', false],
  ['mysql', 'split_part', 'maybe', false],
  ['mysql', 'shop.abs', 'maybe', false],
  ['mysql', 'count', 'maybe', false],
  ['sqlite', 'json_set', 'no', true],
  ['sqlite', 'strftime', 'no', false],
  ['sqlite', 'load_extension', 'maybe', false],
  ['sqlite', 'now', 'maybe', false],
])('on %s, %s writes: %s; the same arguments give the same result: %s', (provider, written, writes, alike) => {
  const known = new KnownFunctions(provider);
  // With a space before the bracket MySQL calls a stored function.
  const functions: readonly CatalogueFunction[] =
    provider === 'mysql' ? [{ schema: 'shop', name: 'Count', volatility: 'volatile', ofExtension: false }] : [];
  known.learn({ path: [], functions, ofServer: [], likeColumns: new Map() });

  expect(known.judge(call(written))).toMatchObject({ writes, alike });
});

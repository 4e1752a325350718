import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../../packages/core/src/errors.js';
import { parseNamespace, prefixOf } from '../../../packages/core/src/key/namespace.js';

describe('namespace', () => {
  it('names the application and the database in every key', () => {
    expect(prefixOf('shop', 'main_db-1.eu')).toBe('ct:shop:main_db-1.eu');
  });

  it('hides a database URL, and differs between two URLs', () => {
    const one = prefixOf('shop', 'postgres://user:secret@db/one');
    const other = prefixOf('shop', 'postgres://user:secret@db/two');

    expect(one).toMatch(/^ct:shop:[\w-]{43}$/);
    expect(one).not.toBe(other);
  });

  it('distinguishes a database URL from a database whose name is its digest', () => {
    const digested = prefixOf('shop', 'a b').slice('ct:shop:'.length);

    expect(prefixOf('shop', digested)).not.toBe(`ct:shop:${digested}`);
  });

  it.each([[''], ['a b'], ['a:b'], ['{a}'], ['x'.repeat(65)], [1], [{}]])('refuses the namespace %j', (namespace) => {
    expect(() => parseNamespace('namespace', namespace)).toThrow(InvalidOptionError);
  });

  it.each([[''], [undefined], [null], [7], [{}]])('refuses the database %j', (database) => {
    expect(() => prefixOf('shop', database)).toThrow(/Invalid option `database`/);
  });
});

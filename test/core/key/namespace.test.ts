import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../../packages/core/src/errors.js';
import { resolveNamespace } from '../../../packages/core/src/key/namespace.js';

describe('namespace', () => {
  it('names the application and the database in every key', () => {
    expect(resolveNamespace('shop', 'main_db-1.eu')).toBe('ct:shop:main_db-1.eu');
    expect(resolveNamespace(undefined, 'main')).toBe('ct:cachetastic:main');
  });

  it('shows no database URL, and tells two apart', () => {
    const one = resolveNamespace('shop', 'postgres://user:secret@db/one');
    const other = resolveNamespace('shop', 'postgres://user:secret@db/two');

    expect(one).toMatch(/^ct:shop:[\w-]{43}$/);
    expect(one).not.toBe(other);
  });

  it('does not take a database for another whose digest is its name', () => {
    const digested = resolveNamespace('shop', 'a b').slice('ct:shop:'.length);

    expect(resolveNamespace('shop', digested)).not.toBe(`ct:shop:${digested}`);
  });

  it.each([
    ['', 'db'],
    ['a b', 'db'],
    ['a:b', 'db'],
    ['{a}', 'db'],
    ['x'.repeat(65), 'db'],
    [1, 'db'],
    [{}, 'db'],
  ])('refuses the namespace %j with the database %j', (namespace, database) => {
    expect(() => resolveNamespace(namespace, database)).toThrow(InvalidOptionError);
  });

  it.each([[''], [undefined], [null], [7], [{}]])('refuses the database %j', (database) => {
    expect(() => resolveNamespace('shop', database)).toThrow(/Invalid option `database`/);
  });
});

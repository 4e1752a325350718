import { describe, expect, it } from 'vitest';
import { canonicalForm } from '../../../packages/core/src/key/canonical-form.js';
import { QueryKey } from '../../../packages/core/src/key/query-key.js';

describe('query key', () => {
  it('has the query itself as the local name if that is short', () => {
    const form = canonicalForm({ id: 1 }, []);

    expect(new QueryKey(form, '').local).toBe(form);
  });

  it('has a short local name for a long query, which differs between long queries', () => {
    const ids = Array.from({ length: 10_000 }, (_, index) => index);
    const one = new QueryKey(canonicalForm({ ids }, []), '');
    const other = new QueryKey(canonicalForm({ ids: [...ids, 1] }, []), '');

    expect(one.local.length).toBeLessThan(64);
    expect(one.local).not.toBe(other.local);
  });

  it('distinguishes a query from another one that equals its digest', () => {
    const long = new QueryKey(canonicalForm('x'.repeat(5_000), []), '');

    expect(new QueryKey(canonicalForm(long.local, []), '').local).not.toBe(long.local);
  });

  it('has another shared name for the same query under another identity', () => {
    const form = canonicalForm({ id: 1 }, []);

    expect(new QueryKey(form, 'v1').shared()).toBe(new QueryKey(form, 'v1').shared());
    expect(new QueryKey(form, 'v1').shared()).not.toBe(new QueryKey(form, 'v2').shared());
    expect(new QueryKey(form, 'v1').shared()).toMatch(/^[\w-]{43}$/);
  });

  it('never equals that of an identity and a query that are split elsewhere', () => {
    const form = canonicalForm('b', []);

    expect(new QueryKey(form, `a${form}`).shared()).not.toBe(new QueryKey(form + form, 'a').shared());
  });
});

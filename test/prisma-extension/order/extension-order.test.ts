import { describe, expect, it } from 'vitest';
import type { QueryHook } from '../../../packages/prisma-extension/src/client/prisma-client.js';
import { parseCached } from '../../../packages/prisma-extension/src/options/cached-policy.js';
import { ExtensionOrder } from '../../../packages/prisma-extension/src/order/extension-order.js';

const ours: QueryHook = ({ args, query }) => query(args);
const other: QueryHook = ({ args, query }) => query(args);

function setup(trusted: readonly string[] = []) {
  return new ExtensionOrder((name) => trusted.includes(name));
}

describe('what stands behind our hook', () => {
  it('nothing: only earlier extensions are in the list', () => {
    expect(setup().behind(ours, [other, ours])).toEqual({ untrusted: [], hooks: [], cached: undefined, needs: [] });
  });

  it('an extension by the name under which it was registered, at whatever depth its hook is', () => {
    const order = setup();
    order.register({ name: 'audit', query: { user: { $allOperations: other } } });

    expect(order.behind(ours, [ours, other]).untrusted).toEqual(['audit']);
  });

  it('an extension that nobody saw being registered, without a name', () => {
    expect(setup(['audit']).behind(ours, [ours, other]).untrusted).toEqual(['unnamed']);
  });

  it('an extension that is trusted counts for nothing', () => {
    const order = setup(['audit']);
    order.register({ name: 'audit', query: { $allOperations: other } });

    expect(order.behind(ours, [ours, other]).untrusted).toEqual([]);
  });

  it('our own carriers, with what they carry: the last $cached, and all needs', () => {
    const order = setup();
    const [first, last] = [parseCached(true), parseCached({ ttl: 5 })];
    const list = [first, last].map((policy) => order.policyCarrier(policy).query.$allOperations);
    const needs = order.needsCarrier('name').query.$allOperations;

    expect(order.behind(ours, [ours, ...list, needs])).toEqual({
      untrusted: [],
      hooks: [],
      cached: last,
      needs: ['name'],
    });
  });

  it.each([
    ['no list', undefined],
    ['a list without us', [other]],
    ['a list of something else', [ours, 'other']],
  ])('a Prisma that gives %s is not believed', (_, list) => {
    expect(setup().behind(ours, list).untrusted).toHaveLength(1);
  });
});

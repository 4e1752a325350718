import { parseCachedPolicy } from '@cachetastic/core/adapter';
import { describe, expect, it } from 'vitest';
import type { QueryHook } from '../../../packages/prisma-extension/src/client/prisma-client.js';
import { ExtensionOrder } from '../../../packages/prisma-extension/src/extensions/extension-order.js';

const ours: QueryHook = ({ args, query }) => query(args);
const other: QueryHook = ({ args, query }) => query(args);

function setup(trusted: readonly string[] = []) {
  return new ExtensionOrder((name) => trusted.includes(name));
}

const DEFAULTS = {
  lifetime: { ttl: 1_000, swr: 0, grace: 0 },
  tags: [],
  scope: undefined,
  consistency: 'bounded',
} as const;

describe('the extensions that see a query after the cache', () => {
  it('do not include earlier extensions of the list', () => {
    expect(setup().downstream(ours, [other, ours])).toEqual({ untrusted: [], hooks: [], cached: undefined, needs: [] });
  });

  it('are named as they were registered, at whatever depth their hook is', () => {
    const order = setup();
    order.register({ name: 'audit', query: { user: { $allOperations: other } } });

    expect(order.downstream(ours, [ours, other]).untrusted).toEqual(['audit']);
  });

  it('are unnamed if they were not seen when they were registered', () => {
    expect(setup(['audit']).downstream(ours, [ours, other]).untrusted).toEqual(['unnamed']);
  });

  it('are part of the key if they are trusted, and then not listed as untrusted', () => {
    const order = setup(['audit']);
    order.register({ name: 'audit', query: { $allOperations: other } });

    expect(order.downstream(ours, [ours, other])).toMatchObject({
      untrusted: [],
      hooks: [expect.stringMatching(/^audit /)],
    });
  });

  it("include the library's own, whose options are merged: every $cached, the last first, and all needs", () => {
    const order = setup();
    const options = [{ ttl: 60, scope: 'a' }, { ttl: 5 }];
    const policies = options.map((each) => parseCachedPolicy(each, 'models'));
    const list = policies.map((policy) => order.policyCarrier(policy).query.$allOperations);
    const needs = order.needsCarrier('name').query.$allOperations;

    const { cached, ...rest } = order.downstream(ours, [ours, ...list, needs]);

    expect(rest).toEqual({ untrusted: [], hooks: [], needs: ['name'] });
    expect(cached?.apply(DEFAULTS)).toMatchObject({ lifetime: { ttl: 5_000 }, scope: 'a' });
  });

  it.each([
    ['no list', undefined],
    ['a list without our hook', [other]],
    ['a list of other values', [ours, 'other']],
  ])('are untrusted if Prisma passes %s', (_, list) => {
    expect(setup().downstream(ours, list).untrusted).toHaveLength(1);
  });
});

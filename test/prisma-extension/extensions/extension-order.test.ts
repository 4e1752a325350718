import { describe, expect, it } from 'vitest';
import type { QueryHook } from '../../../packages/prisma-extension/src/client/prisma-client.js';
import { ExtensionOrder } from '../../../packages/prisma-extension/src/extensions/extension-order.js';
import { parseCached } from '../../../packages/prisma-extension/src/options/cached-policy.js';

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

  it('an extension that is trusted is part of the question, and of what nobody distrusts', () => {
    const order = setup(['audit']);
    order.register({ name: 'audit', query: { $allOperations: other } });

    expect(order.behind(ours, [ours, other])).toMatchObject({
      untrusted: [],
      hooks: [expect.stringMatching(/^audit /)],
    });
  });

  it('our own carriers, with what they carry: every $cached, the last first, and all needs', () => {
    const order = setup();
    const said = [parseCached({ ttl: 60, scope: 'a' }), parseCached({ ttl: 5 })];
    const list = said.map((policy) => order.policyCarrier(policy).query.$allOperations);
    const needs = order.needsCarrier('name').query.$allOperations;

    const { cached, ...rest } = order.behind(ours, [ours, ...list, needs]);

    expect(rest).toEqual({ untrusted: [], hooks: [], needs: ['name'] });
    expect(cached?.apply(DEFAULTS)).toMatchObject({ lifetime: { ttl: 5_000 }, scope: 'a' });
  });

  it.each([
    ['no list', undefined],
    ['a list without us', [other]],
    ['a list of something else', [ours, 'other']],
  ])('a Prisma that gives %s is not believed', (_, list) => {
    expect(setup().behind(ours, list).untrusted).toHaveLength(1);
  });
});

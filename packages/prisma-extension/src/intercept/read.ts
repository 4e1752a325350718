import type { Footprint, LoadContext, Query, QueryCache, Reason } from '@cachetastic/core';
import { analysedOrRefused, checkConsistency, policyOfRead, type ReadPolicy } from '@cachetastic/core/adapter';
import type { ReadAnalysis } from '@cachetastic/core/sql';
import { jsonOrders } from '../analysis/json-orders.js';
import { undefinedPlaces } from '../analysis/undefined-places.js';
import type { QueryCall } from '../client/prisma-client.js';
import { usePrimary } from '../extensions/read-replicas.js';
import { ranAlone } from './batched-loads.js';
import { distrustOf, type Interception, nameOf, type Parts, takeCacheArgument } from './interception.js';

/** A read that asks for the cache. */
export interface CachedRead {
  readonly policy: ReadPolicy;
  /** What goes to the database. */
  readonly args: unknown;
  /** What distinguishes it from other reads of the same operation. */
  readonly keyArgs: unknown;
  readonly analysis: () => ReadAnalysis;
  /** Whether it may read the table of this name, in lower case. */
  readonly mayName: (table: string) => boolean;
}

/** Runs a read on a model: from the cache, if it asks for that and no reason forbids it. */
export function interceptRead(parts: Parts, interception: Interception): unknown {
  const { call, downstream } = interception;
  const { model = '', operation } = call;
  const { args, cache } = takeCacheArgument(call.args);
  const { all, policyOf } = parts.options;
  const policy = policyOfRead('model', policyOf(model), all, downstream.cached, cache);
  if (typeof policy === 'string') return pass(parts, interception, args, policy);
  return readCached(parts, interception, {
    policy,
    args,
    keyArgs: args,
    analysis: () => parts.analyzer.read(model, operation, args),
    mayName: (table) => parts.analyzer.hasTable(table),
  });
}

/** Runs a read that asks for the cache: from the cache, or from the database with a reason. */
export function readCached(parts: Parts, interception: Interception, read: CachedRead): unknown {
  checkConsistency(read.policy, parts.options.settings);
  const scope = read.policy.scope ?? parts.options.scopeOf();
  const refusal = refusalOf(parts, interception, scope, read.mayName);
  if (refusal !== undefined) return bypass(parts, interception, read.args, refusal);
  return parts.lazyCache.use<unknown>(
    (cache) => readThrough(cache, parts, interception, read, scope),
    (reason) => bypass(parts, interception, read.args, reason),
  );
}

function readThrough(
  cache: QueryCache,
  parts: Parts,
  interception: Interception,
  { args, keyArgs, policy, analysis, mayName }: CachedRead,
  scope: string | undefined,
): unknown {
  const { call, context, downstream } = interception;
  let analysed: ReadAnalysis | undefined;
  const trusted = distrustOf(downstream) === undefined;
  const path = context?.dataPath ?? [];
  const name = nameOf(call);
  const complete = (footprint: Footprint): Footprint => ({
    dependencies: trusted ? footprint.dependencies : footprint.dependencies.map(({ model }) => ({ model })),
    tags: policy.tags,
  });
  const query: Query = {
    name,
    // A list: names of properties would be half of the cost of a key.
    keyParts: [
      name,
      path,
      keyArgs,
      scope,
      downstream.needs,
      // Downstream extensions may change the result.
      downstream.hooks.length === 0 ? undefined : downstream.hooks,
      // Tags come from the caller that filled the entry, so they are part of the key.
      policy.tags.length === 0 ? undefined : [...policy.tags].sort(),
      undefinedPlaces(keyArgs, parts.strict),
      jsonOrders(keyArgs),
    ],
    footprint: () => {
      analysed = analysedOrRefused(() => parts.session.secured(analysis(), scope));
      return analysed.cacheable ? complete(analysed.footprint) : { refused: analysed.reason };
    },
    narrow: (value) => {
      // A fluent call returns a part of what it queries, which the analysis does not know.
      if (!trusted || path.length > 0 || analysed?.cacheable !== true) return undefined;
      const narrowed = analysed.narrow?.(value);
      return narrowed && complete(narrowed);
    },
    lifetime: policy.lifetime,
    consistency: policy.consistency,
  };
  // A replica's client does not compute fields, unpack fluent calls, or know other extensions.
  const alone = trusted && downstream.hooks.length === 0 && downstream.needs.length === 0;
  const replicable = alone && path.length === 0 && !parts.computes;
  const load = async ({ origin, keepPrivate }: LoadContext): Promise<unknown> => {
    // A result that is not cached may come from a replica.
    if (analysed?.cacheable !== false && (origin === 'primary' || !replicable)) usePrimary(call);
    const value: unknown = await call.query(args);
    if (isBatched(parts, call, args, value)) keepPrivate('batched-null');
    await parts.session.heard();
    // Another statement may have run before this query on its connection.
    const changed = parts.session.refusal(scope, mayName);
    if (changed !== undefined) keepPrivate(changed);
    return value;
  };
  // A promise also for a hit: Prisma looks for `then` in what a hook returns, even in `null`.
  return Promise.resolve(cache.read(query, load, parts.explaining.observer));
}

/** Whether `value` is a `null` that may be due to other reads that Prisma sent in the same statement. */
function isBatched({ analyzer }: Parts, call: QueryCall, args: unknown, value: unknown): boolean {
  // `findUniqueOrThrow` rejects instead, and errors are never cached. A fluent call returns what is related to the row.
  if (call.operation !== 'findUnique' || (value !== null && value !== undefined)) return false;
  return !ranAlone(call) && !analyzer.comparesExactly(call.model ?? '', args);
}

/** Why a read must not use the cache; `undefined` if it may. */
function refusalOf(
  { options, session }: Parts,
  { context, downstream }: Interception,
  scope: string | undefined,
  mayName: CachedRead['mayName'],
): Reason | undefined {
  if (options.disabled) return 'disabled';
  if (context === undefined) return 'unknown-prisma';
  if (context.transaction !== undefined) return context.transaction.kind === 'batch' ? 'batch' : 'transaction';
  if (options.hasScope && scope === undefined) return 'no-scope';
  // With a scope, the key shows whose rows a downstream extension lets through.
  return session.refusal(scope, mayName) ?? (scope === undefined ? distrustOf(downstream) : undefined);
}

/** Runs a read that asked for the cache on the database, and emits the reason. */
export function bypass(parts: Parts, { call }: Interception, args: unknown, reason: Reason): PromiseLike<unknown> {
  parts.lazyCache.bypass(nameOf(call), reason, parts.explaining.observer);
  return call.query(args);
}

/** Runs a read that did not ask for the cache: only `explain` shows the reason. */
export function pass(parts: Parts, { call }: Interception, args: unknown, reason: Reason): PromiseLike<unknown> {
  parts.explaining.observer?.({ query: nameOf(call), status: 'bypass', source: 'origin', reason });
  return call.query(args);
}

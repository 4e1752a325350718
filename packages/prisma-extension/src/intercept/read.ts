import type { Footprint, LoadContext, Query, QueryCache, Reason } from '@cachetastic/core';
import { analysedOrRefused, checkConsistency, parseReadArgument, type ReadPolicy } from '@cachetastic/core/adapter';
import type { ReadAnalysis } from '@cachetastic/core/sql';
import { jsonOrders } from '../analysis/json-orders.js';
import { undefinedPlaces } from '../analysis/undefined-places.js';
import type { QueryCall } from '../client/prisma-client.js';
import { usePrimary } from '../extensions/read-replicas.js';
import { distrustOf, type Interception, nameOf, type Parts, takeCacheArgument } from './interception.js';
import { wasLone } from './lone-loads.js';

/** A read that asks for the cache. */
export interface CachedRead {
  readonly policy: ReadPolicy;
  /** What goes to the database. */
  readonly args: unknown;
  /** What tells it from other reads of the same operation. */
  readonly keyArgs: unknown;
  readonly analysis: () => ReadAnalysis;
  /** Whether it may read the table of this name, in lower case. */
  readonly mayName: (table: string) => boolean;
}

/** Answers a read on a model from the cache if it asks for that and may have it. */
export function interceptRead(parts: Parts, interception: Interception): unknown {
  const { call, behind } = interception;
  const { model = '', operation } = call;
  const { args, cache } = takeCacheArgument(call.args);
  const base = parts.options.policyOf(model);
  const asked = cache !== undefined || behind.cached !== undefined || parts.options.all;
  if (base === false) return pass(parts, interception, args, asked ? 'model-not-cached' : 'not-requested');
  const fromClient = behind.cached === undefined ? base : behind.cached.apply(base);
  const policy =
    cache === undefined
      ? asked && fromClient
      : parseReadArgument('cache', cache, fromClient === false ? base : fromClient);
  if (policy === false) return pass(parts, interception, args, asked ? 'opted-out' : 'not-requested');
  return readCached(parts, interception, {
    policy,
    args,
    keyArgs: args,
    analysis: () => parts.analyzer.read(model, operation, args),
    mayName: (table) => parts.analyzer.hasTable(table),
  });
}

/** Answers `read` from the cache if it may be, else from the database with a reason. */
export function readCached(parts: Parts, interception: Interception, read: CachedRead): unknown {
  checkConsistency(read.policy, parts.options.settings);
  const scope = read.policy.scope ?? parts.options.scopeOf();
  const refusal = refusalOf(parts, interception, scope, read.mayName);
  if (refusal !== undefined) return bypass(parts, interception, read.args, refusal);
  const { opened } = parts.opening;
  if (opened !== undefined) return ask(opened, parts, interception, read, scope);
  return parts.opening
    .open()
    .then((cache) =>
      cache === undefined
        ? bypass(parts, interception, read.args, 'database-not-identified')
        : ask(cache, parts, interception, read, scope),
    );
}

function ask(
  cache: QueryCache,
  parts: Parts,
  interception: Interception,
  { args, keyArgs, policy, analysis, mayName }: CachedRead,
  scope: string | undefined,
): unknown {
  const { call, context, behind } = interception;
  let found: ReadAnalysis | undefined;
  const trusted = distrustOf(behind) === undefined;
  const path = context?.dataPath ?? [];
  const name = nameOf(call);
  const complete = (footprint: Footprint): Footprint => ({
    dependencies: trusted ? footprint.dependencies : footprint.dependencies.map(({ model }) => ({ model })),
    tags: policy.tags,
  });
  const query: Query = {
    name,
    // By position: names would be half of what a key costs.
    keyParts: [
      name,
      path,
      keyArgs,
      scope,
      behind.needs,
      // Extensions that may change answers make other answers of the same question.
      behind.hooks.length === 0 ? undefined : behind.hooks,
      // An entry has the tags of who filled it: another set of tags is another entry.
      policy.tags.length === 0 ? undefined : [...policy.tags].sort(),
      undefinedPlaces(keyArgs, parts.strict),
      jsonOrders(keyArgs),
    ],
    footprint: () => {
      found = analysedOrRefused(() => parts.session.secured(analysis(), scope));
      return found.cacheable ? complete(found.footprint) : { refused: found.reason };
    },
    narrow: (value) => {
      // Fluent calls answer with a part of what was asked, which the analysis does not know.
      if (!trusted || path.length > 0 || found?.cacheable !== true) return undefined;
      const narrowed = found.narrow?.(value);
      return narrowed && complete(narrowed);
    },
    lifetime: policy.lifetime,
    consistency: policy.consistency,
  };
  // A replica's client does not compute fields, unpack fluent calls, or know other extensions.
  const alone = trusted && behind.hooks.length === 0 && behind.needs.length === 0;
  const replicable = alone && path.length === 0 && !parts.computes;
  const load = async ({ origin, keepPrivate }: LoadContext): Promise<unknown> => {
    // What is not kept may come from a replica.
    if (found?.cacheable !== false && (origin === 'primary' || !replicable)) usePrimary(call);
    const value: unknown = await call.query(args);
    if (isBatched(parts, call, args, value)) keepPrivate('batched-null');
    await parts.session.heard();
    // A statement may have gone before this query on its connection.
    const changed = parts.session.refusal(scope, mayName);
    if (changed !== undefined) keepPrivate(changed);
    return value;
  };
  // Prisma looks for `then` in whatever it is given, `null` included.
  return Promise.resolve(cache.read(query, load, parts.explaining.observer));
}

/** Whether `value` is a `null` that may be due to what else Prisma looked up by the same statement. */
function isBatched({ analyzer }: Parts, call: QueryCall, args: unknown, value: unknown): boolean {
  // `findUniqueOrThrow` rejects, and what rejects is never kept. A fluent call answers with what hangs on the row.
  if (call.operation !== 'findUnique' || (value !== null && value !== undefined)) return false;
  return !wasLone(call) && !analyzer.comparesExactly(call.model ?? '', args);
}

/** Why a read must not touch the cache, if it must not. */
function refusalOf(
  { options, session }: Parts,
  { context, behind }: Interception,
  scope: string | undefined,
  mayName: CachedRead['mayName'],
): Reason | undefined {
  if (options.disabled) return 'disabled';
  if (context === undefined) return 'unknown-prisma';
  if (context.transaction !== undefined) return context.transaction.kind === 'batch' ? 'batch' : 'transaction';
  if (options.hasScope && scope === undefined) return 'no-scope';
  // With a scope, what row-level security behind us lets through is part of the question.
  return session.refusal(scope, mayName) ?? (scope === undefined ? distrustOf(behind) : undefined);
}

/** Goes to the database, and says why. */
export function bypass(parts: Parts, { call }: Interception, args: unknown, reason: Reason): PromiseLike<unknown> {
  parts.opening.bypass(nameOf(call), reason, parts.explaining.observer);
  return call.query(args);
}

/** Goes to the database as was asked: only an explanation needs it. */
export function pass(parts: Parts, { call }: Interception, args: unknown, reason: Reason): PromiseLike<unknown> {
  parts.explaining.observer?.({ query: nameOf(call), status: 'bypass', source: 'origin', reason });
  return call.query(args);
}

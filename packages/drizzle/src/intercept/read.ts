import type { Query, QueryCache, Reason } from '@cachetastic/core';
import {
  analysedOrRefused,
  checkConsistency,
  keyOfValues,
  policyOfRead,
  type ReadPolicy,
} from '@cachetastic/core/adapter';
import { analyseRead, mainModelOf, mayName, type ReadAnalysis } from '@cachetastic/core/sql';
import type { PlainRows } from '../driver/driver.js';
import { toDriverResult, toPlainRows } from '../driver/plain-rows.js';
import { columnsRead } from '../schema/columns-read.js';
import { type Interception, nameOf } from './interception.js';

/** Runs a query that only reads: from the cache, if it asks for that and no reason forbids it. */
export function interceptRead(interception: Interception): Promise<unknown> {
  const { context, parsed } = interception;
  const { options, tables } = context.parts;
  const base = options.policyOf(mainModelOf(tables.current.schema, parsed));
  const policy = policyOfRead('table', base, options.all, context.cached);
  if (typeof policy === 'string') return pass(interception, policy);
  return readCached(interception, policy);
}

function readCached(interception: Interception, policy: ReadPolicy): Promise<unknown> {
  const { parts } = interception.context;
  checkConsistency(policy, parts.options.settings);
  const scope = policy.scope ?? parts.options.scopeOf();
  const refusal = refusalOf(interception, scope);
  if (refusal !== undefined) return bypass(interception, refusal);
  return parts.lazyCache.use(
    (cache) => readThrough(cache, interception, policy, scope),
    (reason) => bypass(interception, reason),
  );
}

async function readThrough(
  cache: QueryCache,
  interception: Interception,
  policy: ReadPolicy,
  scope: string | undefined,
): Promise<unknown> {
  const { context, sql, parsed, params, form } = interception;
  const { parts, cached } = context;
  // First: it may make tables known.
  const declared = cached?.declared === undefined ? undefined : parts.tables.named('$cached().tables', cached.declared);
  const name = nameOf(interception);
  const query: Query<PlainRows> = {
    name,
    // A list: names of properties would be half of the cost of a key.
    keyParts: [
      form,
      sql,
      keyOfValues(params),
      scope,
      // Declared tables and tags come from the caller that filled the entry, so they are part of the key.
      cached?.declared === undefined ? undefined : [...cached.declared].sort(),
      policy.tags.length === 0 ? undefined : [...policy.tags].sort(),
      columnsRead(parts.tables.current, parsed, declared),
    ],
    footprint: () => {
      const analysis = analysedOrRefused(() => parts.session.secured(analyse(interception), scope));
      return analysis.cacheable
        ? { dependencies: analysis.footprint.dependencies, tags: policy.tags }
        : { refused: analysis.reason };
    },
    lifetime: policy.lifetime,
    consistency: policy.consistency,
    projection: interception.projection,
  };
  let unknown: unknown;
  const plain = await cache.read<PlainRows>(
    query,
    async (load) => {
      const result = await interception.run();
      await parts.session.heard();
      // Another statement may have run before this query on its connection.
      const changed = parts.session.refusal(scope, (table) => mayName(parsed, table));
      if (changed !== undefined) load.keepPrivate(changed);
      const rows = toPlainRows(parts.driver, result, interception.expected);
      if (rows !== undefined) return rows;
      load.keepPrivate('unknown-result');
      unknown = result;
      return { form: 'list', rows: [] };
    },
    parts.explaining.observer,
  );
  return unknown === undefined ? toDriverResult(parts.driver, plain) : unknown;
}

function analyse({ context, parsed, params }: Interception): ReadAnalysis {
  const { tables } = context.parts;
  const declared = context.cached?.declared;
  // First: it may make tables known.
  const models = declared === undefined ? undefined : tables.named('$cached().tables', declared);
  return analyseRead({ ...tables.current, declared: models && { models, joinTables: [] } }, parsed, params);
}

/** Why a read must not use the cache; `undefined` if it may. */
function refusalOf({ context, token, parsed, expected }: Interception, scope: string | undefined): Reason | undefined {
  const { options } = context.parts;
  if (options.disabled) return 'disabled';
  if (context.transaction !== undefined) return 'transaction';
  if (parsed.locking) return 'locking';
  if (expected.rows === 'none') return 'no-rows';
  if (options.hasScope && scope === undefined) return 'no-scope';
  // The result depends on the token, which is not in the key.
  if (token !== undefined && scope === undefined) return 'token-without-scope';
  return context.parts.session.refusal(scope, (table) => mayName(parsed, table));
}

/** Runs a query that asked for the cache on the database, and emits the reason. */
function bypass(interception: Interception, reason: Reason): Promise<unknown> {
  const { lazyCache, explaining } = interception.context.parts;
  lazyCache.bypass(nameOf(interception), reason, explaining.observer);
  return interception.run();
}

/** Runs a query that did not ask for the cache: only `explain` shows the reason. */
function pass(interception: Interception, reason: Reason): Promise<unknown> {
  const { observer } = interception.context.parts.explaining;
  observer?.({ query: nameOf(interception), status: 'bypass', source: 'origin', reason });
  return interception.run();
}

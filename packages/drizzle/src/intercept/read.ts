import { InvalidOptionError, type Query, type QueryCache, type Reason } from '@cachetastic/core';
import { analysedOrRefused, announces, keyOfValues, type ReadPolicy } from '@cachetastic/core/adapter';
import { analyseRead, mainModelOf, mayName, type ReadAnalysis } from '@cachetastic/core/sql';
import type { PlainRows } from '../driver/driver.js';
import { toDriverResult, toPlainRows } from '../driver/plain-rows.js';
import { columnsRead } from '../schema/columns-read.js';
import { type Interception, nameOf } from './interception.js';

/** Answers a query that only reads: from the cache if it asks for that and may have it. */
export function interceptRead(interception: Interception): Promise<unknown> {
  const { context, text } = interception;
  const { options, tables } = context.parts;
  const base = options.policyOf(mainModelOf(tables.current.schema, text));
  const asked = context.cached !== undefined || options.all;
  if (base === false) return pass(interception, asked ? 'table-not-cached' : 'not-requested');
  const policy = asked && (context.cached === undefined ? base : context.cached.over(base));
  if (policy === false) return pass(interception, asked ? 'refused' : 'not-requested');
  return readCached(interception, policy);
}

function readCached(interception: Interception, policy: ReadPolicy): Promise<unknown> {
  const { parts } = interception.context;
  if (policy.consistency === 'strong' && !announces(parts.options)) {
    throw new InvalidOptionError('consistency', 'strong', "'bounded', or the option `intents` besides");
  }
  const scope = policy.scope ?? parts.options.scopeOf();
  const refusal = refusalOf(interception, scope);
  if (refusal !== undefined) return bypass(interception, refusal);
  const { opened } = parts.opening;
  if (opened !== undefined) return ask(opened, interception, policy, scope);
  return parts.opening
    .open()
    .then((cache) =>
      cache === undefined ? bypass(interception, 'database-not-identified') : ask(cache, interception, policy, scope),
    );
}

async function ask(
  cache: QueryCache,
  interception: Interception,
  policy: ReadPolicy,
  scope: string | undefined,
): Promise<unknown> {
  const { context, sql, text, params, form } = interception;
  const { parts, cached } = context;
  // Before anything else is asked of them: it may make tables known.
  const declared = cached?.declared === undefined ? undefined : parts.tables.named('$cached().tables', cached.declared);
  const name = nameOf(interception);
  const query: Query<PlainRows> = {
    name,
    // By position: names would be half of what a key costs.
    keyParts: [
      form,
      sql,
      keyOfValues(params),
      scope,
      // An entry depends on the tables that who filled it named, and has the tags of who filled it.
      cached?.declared === undefined ? undefined : [...cached.declared].sort(),
      policy.tags.length === 0 ? undefined : [...policy.tags].sort(),
      columnsRead(parts.tables.current, text, declared),
    ],
    footprint: () => {
      const found = analysedOrRefused(() => parts.session.secured(analyse(interception), scope));
      return found.cacheable
        ? { dependencies: found.footprint.dependencies, tags: policy.tags }
        : { refused: found.reason };
    },
    lifetime: policy.lifetime,
    consistency: policy.consistency,
    mapping: interception.mapping,
  };
  let unknown: unknown;
  const answer = await cache.read<PlainRows>(
    query,
    async (load) => {
      const result = await interception.run();
      await parts.session.heard();
      // A statement may have gone before this query on its connection.
      const changed = parts.session.refusal(scope, (table) => mayName(text, table));
      if (changed !== undefined) load.keepPrivate(changed);
      const plain = toPlainRows(parts.driver, result, interception.expected);
      if (plain !== undefined) return plain;
      load.keepPrivate('unknown-answer');
      unknown = result;
      return { form: 'list', rows: [] };
    },
    parts.explaining.observer,
  );
  return unknown === undefined ? toDriverResult(parts.driver, answer) : unknown;
}

function analyse({ context, text, params }: Interception): ReadAnalysis {
  const { tables } = context.parts;
  const declared = context.cached?.declared;
  // Asked first: it may make known what was not.
  const models = declared === undefined ? undefined : tables.named('$cached().tables', declared);
  return analyseRead({ ...tables.current, declared: models && { models, joinTables: [] } }, text, params);
}

/** Why a read must not touch the cache, if it must not. */
function refusalOf({ context, token, text, expected }: Interception, scope: string | undefined): Reason | undefined {
  const { options } = context.parts;
  if (options.disabled) return 'disabled';
  if (context.transaction !== undefined) return 'transaction';
  if (text.locking) return 'locking';
  if (expected.rows === 'none') return 'no-rows';
  if (options.hasScope && scope === undefined) return 'no-scope';
  // The database answers by who asks: then that is part of the question.
  if (token !== undefined && scope === undefined) return 'token-without-scope';
  return context.parts.session.refusal(scope, (table) => mayName(text, table));
}

/** Goes to the database, and says why. */
function bypass(interception: Interception, reason: Reason): Promise<unknown> {
  const { opening, explaining } = interception.context.parts;
  opening.bypass(nameOf(interception), reason, explaining.observer);
  return interception.run();
}

/** Goes to the database as was asked: of interest only to who asks for an explanation. */
function pass(interception: Interception, reason: Reason): Promise<unknown> {
  const { observer } = interception.context.parts.explaining;
  observer?.({ query: nameOf(interception), status: 'bypass', source: 'origin', reason });
  return interception.run();
}

import { CacheEvents, checkKeys, InvalidOptionError, UnsafeSetupError } from '@cachetastic/core';
import {
  AdapterCache,
  clockOf,
  DatabaseCatalogue,
  Explaining,
  parseNames,
  SchemaObserver,
  SessionState,
} from '@cachetastic/core/adapter';
import { KnownFunctions, type Schema } from '@cachetastic/core/sql';
import { createAnalyzer } from './analysis/schema-analyzer.js';
import { watchBusyLibsql } from './client/busy-libsql.js';
import type { Invalidation } from './client/cache-control.js';
import { CachedClients } from './client/cached-clients.js';
import type { Extended } from './client/client-types.js';
import {
  asPrismaClient,
  connectionOf,
  contextOf,
  type PrismaClientLike,
  privateOf,
  type QueryHook,
  refusesUndefined,
} from './client/prisma-client.js';
import { needsOf, needsOfClient } from './extensions/computed-fields.js';
import { ExtensionOrder } from './extensions/extension-order.js';
import { refuseReplicas } from './extensions/read-replicas.js';
import { watchBatches } from './intercept/batched-loads.js';
import type { Interception, Parts } from './intercept/interception.js';
import { kindOf } from './intercept/operations.js';
import { interceptExecuteRaw, interceptQueryRaw, interceptUnknown } from './intercept/raw.js';
import { interceptRead } from './intercept/read.js';
import { Transactions } from './intercept/transactions.js';
import { interceptWrite } from './intercept/write.js';
import { endsTransactions, mayEndTransaction } from './intercept/write-outcome.js';
import { schemasOf } from './opening/database-identity.js';
import { lazyCacheFor } from './opening/lazy-cache.js';
import type { CachetasticOptions } from './options/options.js';
import { type ResolvedOptions, resolveOptions } from './options/resolve-options.js';
import { readSchema } from './schema/read-schema.js';

/**
 * Caches what a Prisma client reads, and invalidates by itself what the client's writes change, on every node.
 *
 * @throws {@link InvalidOptionError} naming the option, its value and what is allowed.
 * @example
 * ```ts
 * const db = new PrismaClient({ adapter }).$extends(cachetastic({ redis: process.env.REDIS_URL }));
 * const users = await db.user.findMany({ where: { orgId: 1 }, cache: 60 });
 * ```
 */
export function cachetastic(options: CachetasticOptions = {}): (client: unknown) => Extended {
  const resolved = resolveOptions(options, process.env);
  // The types of what is added are in `client-types`: at run time only new names are added, so that extensions before and
  // after this one keep working.
  return (client) => extend(asPrismaClient(client), resolved) as unknown as Extended;
}

function extend(client: PrismaClientLike, options: ResolvedOptions): PrismaClientLike {
  refuseReplicas(client);
  if (privateOf(client, '$cache') !== undefined)
    throw new UnsafeSetupError('This client has a cache already: extend it with `cachetastic()` once.');
  const schema = readSchema(client);
  checkModels(schema, options);
  const events = new CacheEvents();
  if (options.onEvent !== undefined) events.on(options.onEvent);
  if (schema.degraded !== undefined) events.emit({ type: 'widened', query: 'schema', reason: schema.degraded });

  const { fingerprint, provider } = schema;
  const session = SessionState.of(connectionOf(client));
  const functions = new KnownFunctions(provider, options.functions);
  const catalogue: DatabaseCatalogue = new DatabaseCatalogue({
    provider,
    functions,
    events,
    schemas: () => [...new Set([...schemasOf(client), ...observer.schemas])],
    // What the schema lacks is reported as soon as it is known.
    learned: () => analyzer.refresh(),
    ask: async (sql) => (await client.$queryRawUnsafe(sql)) as readonly Readonly<Record<string, unknown>>[],
    clock: clockOf(options.process),
  });
  const observer = new SchemaObserver({ catalogue: () => catalogue.known, functions, option: 'models', events });
  const analyzer = createAnalyzer(schema, {
    models: options.models,
    functions,
    observe: (known, declared) => observer.observe(known, declared),
  });
  const lazyCache = lazyCacheFor({ client, options, events, fingerprint, provider, catalogue, session });
  const explaining = new Explaining();
  const $cache = new AdapterCache<Invalidation>({
    lazyCache,
    events,
    explaining,
    subject: 'models',
    whole: (option, named) => analyzer.whole(option, parseNames(option, named, 'model names')),
  });
  const transactions = new Transactions(lazyCache, events, (inner) => privateOf(inner, '$cache') === $cache, catalogue);
  const order = new ExtensionOrder(options.trusts);
  const computes = needsOfClient(client).length > 0;
  const strict = refusesUndefined(client);
  watchBatches(client);
  watchBusyLibsql(client, session, events);
  const parts = {
    options,
    analyzer,
    provider,
    lazyCache,
    catalogue,
    session,
    events,
    transactions,
    explaining,
    computes,
    strict,
  };
  const { $extends, $transaction, $disconnect } = client;
  const cachedClients = new CachedClients(order, (on, extension) => $extends.call(on as PrismaClientLike, extension));

  return client.$extends({
    name: '@cachetastic/prisma-extension',
    query: { $allOperations: hook(parts, order) },
    client: {
      $cache,
      $cached(this: object, cachedOptions?: unknown) {
        return cachedClients.of(this, cachedOptions);
      },
      $extends(this: PrismaClientLike, extension: unknown) {
        // A function calls `$extends` itself.
        if (typeof extension === 'function') return order.within(extension, () => $extends.call(this, extension));
        const extended = $extends.call(this, order.register(extension));
        const needs = needsOf(extension);
        return needs === undefined ? extended : $extends.call(extended, order.needsCarrier(needs));
      },
      $transaction(this: PrismaClientLike, work: unknown, settings?: unknown) {
        if (typeof work !== 'function') return $transaction.call(this, work, settings);
        return catalogue.renew().then(() =>
          transactions.run(
            (wrapped) => session.watch(async () => $transaction.call(this, wrapped, settings), events),
            (inner) => work(inner),
          ),
        );
      },
      async $disconnect(this: PrismaClientLike) {
        // Changes that wait until the database is identified need the connection.
        await lazyCache.deliver();
        const disconnecting = Promise.resolve($disconnect.call(this));
        const disconnected = disconnecting.catch(() => {});
        // Meanwhile Prisma ends writes under way, which the cache would wait for.
        await lazyCache.close({ disconnected });
        await disconnecting;
      },
    },
  });
}

function hook(parts: Parts, order: ExtensionOrder): QueryHook {
  const { session, events } = parts;
  return function intercept(received) {
    // In addition to the loader, which may have an unknown form.
    const call = session.isWatched
      ? { ...received, query: (args: unknown) => session.watch(async () => received.query(args), events) }
      : received;
    const interception: Interception = {
      call,
      context: contextOf(call),
      downstream: order.downstream(intercept, this),
    };
    const result = run(parts, interception);
    heedFailure(parts, interception, result);
    return result;
  };
}

function run(parts: Parts, interception: Interception): unknown {
  const { operation } = interception.call;
  switch (kindOf(operation)) {
    case 'read':
      return interceptRead(parts, interception);
    case 'write':
      return interceptWrite(parts, interception);
    case 'query-raw':
      return interceptQueryRaw(parts, interception);
    case 'execute-raw':
      return interceptExecuteRaw(parts, interception);
    case 'unknown':
      return interceptUnknown(parts, interception, `unknown-operation: ${operation}`);
  }
}

/** A failed read may end a transaction as well. */
function heedFailure({ provider, transactions }: Parts, { context }: Interception, result: unknown): void {
  const transaction = context?.transaction;
  if (transaction?.kind !== 'itx' || !endsTransactions(provider)) return;
  Promise.resolve(result).catch((error: unknown) => {
    if (mayEndTransaction(error)) transactions.doubt(transaction.id);
  });
}

/** @throws {@link InvalidOptionError} if `models` names what the schema lacks, or gives a join table other options than `triggers`. */
function checkModels(schema: Schema, { models = {} }: ResolvedOptions): void {
  if (schema.models.size === 0) return;
  for (const [name, options] of Object.entries(models)) {
    if (schema.models.has(name)) continue;
    if (schema.joinTables.has(name)) {
      if (options === false)
        throw new InvalidOptionError(
          `models.${name}`,
          options,
          'an object with `triggers` (`false` is for models only)',
        );
      checkKeys(`models.${name}`, options, ['triggers']);
      continue;
    }
    throw new InvalidOptionError(
      `models.${name}`,
      models[name],
      `a model of the schema (${[...schema.models.keys()].join(', ')})`,
    );
  }
}

import type { CacheEvents, QueryCache } from '@cachetastic/core';
import {
  type DatabaseCatalogue,
  LazyCache,
  openQueryCache,
  reportingTwoServers,
  reportUnfenced,
  type SessionState,
} from '@cachetastic/core/adapter';
import { type PrismaClientLike, privateOf } from '../client/prisma-client.js';
import { needsOfClient } from '../extensions/computed-fields.js';
import type { ResolvedOptions } from '../options/resolve-options.js';
import { findDecimalClass } from '../values/decimal-class.js';
import { decimalType, KEY_TYPES } from '../values/value-types.js';
import { adapterSchema, identifyDatabase } from './database-identity.js';

/** What a client's cache is opened with. */
export interface ClientParts {
  /** The client as it was before the extension: its queries do not pass through the cache. */
  readonly client: PrismaClientLike;
  readonly options: ResolvedOptions;
  readonly events: CacheEvents;
  /** Changes whenever the schema does. */
  readonly fingerprint: string;
  readonly provider: string | undefined;
  readonly catalogue: DatabaseCatalogue;
  readonly session: SessionState;
}

/** The cache of one client, to be opened when it is first used. */
export function lazyCacheFor(parts: ClientParts): LazyCache {
  const { options, events } = parts;
  return new LazyCache({
    events,
    make: () => makeCache(parts),
    settings: options.settings,
    shared: options.shared,
  });
}

async function makeCache({
  client,
  options,
  events,
  fingerprint,
  provider,
  catalogue,
  session,
}: ClientParts): Promise<QueryCache> {
  const identity = await identifyDatabase(client, provider, options.database, options.process);
  await catalogue.ask();
  const Decimal = await findDecimalClass(client, identity.decimal);
  const cache = openQueryCache({
    ...options.settings,
    events,
    database: identity.database,
    identity: JSON.stringify([
      privateOf(client, '_clientVersion') ?? '',
      fingerprint,
      identity.session,
      adapterSchema(client) ?? '',
      privateOf(client, '_globalOmit') ?? {},
      needsOfClient(client),
    ]),
    shared: reportingTwoServers(options.shared, identity),
    process: options.process,
    origin: client,
    valueTypes: Decimal === undefined ? [] : [decimalType(Decimal)],
    keyTypes: KEY_TYPES,
  });
  reportUnfenced(events, options.settings.intents, identity);
  session.opened(identity, events);
  return cache;
}

import { parseCachedPolicy, refineCachedPolicy } from '@cachetastic/core/adapter';
import { lifetimeOf } from '../drizzle-cache/lifetime-of.js';
import { at } from '../objects/entities.js';
import type { Context } from './interception.js';

/**
 * Where a query comes from that says `$withCache(…)`: as if `$cached` had been given the same options, after what it was given already.
 *
 * @param settings - What a session prepares a query with. Among them is what `$withCache` was given, as Drizzle completed it.
 * @returns The settings without it: there is no cache of Drizzle's that it could concern.
 * @throws {@link InvalidOptionError} naming the option.
 */
export function heedWithCache(context: Context, settings: readonly unknown[]): [Context, readonly unknown[]] {
  const given = settings.find(isCacheConfig);
  if (given === undefined) return [context, settings];
  const { enable, enabled, autoInvalidate: _, config, tag, ...options } = given;
  const said = parseCachedPolicy(
    (enable ?? enabled) === false ? false : { ...ofDrizzle(config, tag), ...options },
    'tables',
  );
  const cached = refineCachedPolicy(context.cached, said);
  return [{ ...context, cached }, settings.map((setting) => (setting === given ? undefined : setting))];
}

interface CacheConfig extends Readonly<Record<string, unknown>> {
  /** 0.45. */
  readonly enable?: boolean;
  /** 1.0. */
  readonly enabled?: boolean;
}

function isCacheConfig(setting: unknown): setting is CacheConfig {
  return typeof (at(setting, 'enable') ?? at(setting, 'enabled')) === 'boolean';
}

const NONE = { ttl: 0, swr: 0, grace: 0 };

/** Drizzle's own words in ours. That writes shall not invalidate an answer is a wish that is not granted. */
function ofDrizzle(config: unknown, tag: unknown): object {
  const { ttl } = lifetimeOf(typeof config === 'object' && config !== null ? config : undefined, NONE, Date.now());
  return { ...(ttl > 0 && { ttl: `${ttl}ms` }), ...(tag !== undefined && { tags: [tag] }) };
}

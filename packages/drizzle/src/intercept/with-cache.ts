import { nestPolicy, parseCachedPolicy } from '@cachetastic/core/adapter';
import { lifetimeOf } from '../drizzle-cache/lifetime-of.js';
import { at } from '../objects/entities.js';
import type { Context } from './interception.js';

/**
 * Applies the argument of `$withCache(…)`, as if `$cached` had been called with it last.
 *
 * @param settings - What a session prepares a query with. Drizzle puts the completed argument of `$withCache` among them.
 * @returns The context of the query, and the settings without that argument: the database has no cache of Drizzle's.
 * @throws {@link InvalidOptionError} naming the option.
 */
export function applyWithCache(context: Context, settings: readonly unknown[]): [Context, readonly unknown[]] {
  const argument = settings.find(isCacheConfig);
  if (argument === undefined) return [context, settings];
  const { enable, enabled, autoInvalidate: _, config, tag, ...options } = argument;
  const policy = parseCachedPolicy(
    (enable ?? enabled) === false ? false : { ...ofDrizzle(config, tag), ...options },
    'tables',
  );
  const cached = nestPolicy(context.cached, policy);
  return [{ ...context, cached }, settings.map((setting) => (setting === argument ? undefined : setting))];
}

interface CacheConfig extends Readonly<Record<string, unknown>> {
  /** In 0.45. */
  readonly enable?: boolean;
  /** In 1.0. */
  readonly enabled?: boolean;
}

function isCacheConfig(setting: unknown): setting is CacheConfig {
  return typeof (at(setting, 'enable') ?? at(setting, 'enabled')) === 'boolean';
}

const NONE = { ttl: 0, swr: 0, grace: 0 };

/** Drizzle's own options as ours. `autoInvalidate: false` is ignored: writes invalidate every result. */
function ofDrizzle(config: unknown, tag: unknown): object {
  const { ttl } = lifetimeOf(typeof config === 'object' && config !== null ? config : undefined, NONE, Date.now());
  return { ...(ttl > 0 && { ttl: `${ttl}ms` }), ...(tag !== undefined && { tags: [tag] }) };
}

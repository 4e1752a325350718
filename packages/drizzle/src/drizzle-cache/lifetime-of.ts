import { InvalidOptionError, type Lifetime, toMilliseconds } from '@cachetastic/core';

/** Drizzle's settings as lifetimes in milliseconds; `now` in milliseconds since 1970. */
const SETTINGS: Readonly<Record<string, (value: unknown, now: number) => number>> = {
  ex: (seconds) => Number(seconds) * 1_000,
  px: Number,
  exat: (seconds, now) => Number(seconds) * 1_000 - now,
  pxat: (milliseconds, now) => Number(milliseconds) - now,
  ttl: (duration) => toMilliseconds('config.ttl', duration),
};

/**
 * The lifetime that the `config` of `$withCache` sets: `ex`, `px`, `exat` and `pxat` as in Redis, or `ttl`, a duration.
 * `keepTtl` and `hexOptions` have no effect: they are for keys that exist, which are never put.
 *
 * @param usual - The lifetime without a setting.
 * @param now - The time of this machine, in milliseconds since 1970.
 * @throws {@link InvalidOptionError} for an invalid or past time.
 */
export function lifetimeOf(config: object | undefined, usual: Lifetime, now: number): Lifetime {
  for (const [name, value] of Object.entries(config ?? {})) {
    const setting = SETTINGS[name];
    if (setting === undefined || value === undefined) continue;
    const ttl = setting(value, now);
    if (!Number.isFinite(ttl) || ttl <= 0)
      throw new InvalidOptionError(`config.${name}`, value, 'a time in the future');
    return { ttl, swr: 0, grace: 0 };
  }
  return usual;
}

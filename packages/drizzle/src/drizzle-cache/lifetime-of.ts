import { InvalidOptionError, type Lifetime, toMilliseconds } from '@cachetastic/core';

/** How long each setting of Drizzle's makes an answer live, in milliseconds; `now` in milliseconds since 1970. */
const SETTINGS: Readonly<Record<string, (given: unknown, now: number) => number>> = {
  ex: (seconds) => Number(seconds) * 1_000,
  px: Number,
  exat: (seconds, now) => Number(seconds) * 1_000 - now,
  pxat: (milliseconds, now) => Number(milliseconds) - now,
  ttl: (duration) => toMilliseconds('config.ttl', duration),
};

/**
 * How long an answer is kept by the `config` of `$withCache`: `ex`, `px`, `exat`, `pxat` as in Redis, or `ttl`, a
 * duration as everywhere here. `keepTtl` and `hexOptions` speak of keys that live already; those are never put.
 *
 * @param now - The machine's time, in milliseconds since 1970, as whoever gave a date knows it.
 * @throws {@link InvalidOptionError} for a time that is none, or over already.
 */
export function lifetimeOf(config: object | undefined, usual: Lifetime, now: number): Lifetime {
  for (const [name, given] of Object.entries(config ?? {})) {
    const setting = SETTINGS[name];
    if (setting === undefined || given === undefined) continue;
    const ttl = setting(given, now);
    if (!Number.isFinite(ttl) || ttl <= 0) throw new InvalidOptionError(`config.${name}`, given, 'a time to come');
    return { ttl, swr: 0, grace: 0 };
  }
  return usual;
}

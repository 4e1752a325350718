import {
  type CacheEvent,
  CacheEvents,
  type CacheListener,
  type CachetasticErrorCode,
  type Duration,
  InvalidOptionError,
  type TierName,
  toMilliseconds,
} from '@cachetastic/core';
import { expectTypeOf, it } from 'vitest';

it('a duration is a number of seconds or a string with a unit', () => {
  expectTypeOf<60 | '250ms' | '90s' | '5m' | '1.5h' | '7d'>().toExtend<Duration>();
  expectTypeOf<'5'>().not.toExtend<Duration>();
  expectTypeOf<'five minutes' | '5w'>().not.toExtend<Duration>();
  expectTypeOf<'m'>().not.toExtend<Duration>();
  expectTypeOf<bigint | null | undefined | Date>().not.toExtend<Duration>();
  expectTypeOf(toMilliseconds).returns.toEqualTypeOf<number>();
});

it('events are distinguished by their type', () => {
  const listener: CacheListener = (event) => {
    if (event.type === 'hit') expectTypeOf(event.source).toEqualTypeOf<TierName>();
    if (event.type === 'stale-hit') expectTypeOf(event.because).toEqualTypeOf<'swr' | 'grace' | 'unconfirmed'>();
    if (event.type === 'log-confirmed') expectTypeOf(event).toEqualTypeOf<{ readonly type: 'log-confirmed' }>();
    // @ts-expect-error there is no such event
    if (event.type === 'hitt') return;
    // @ts-expect-error not every event has a key
    void event.key;
    // @ts-expect-error events are for reading
    event.type = 'hit';
  };
  expectTypeOf(new CacheEvents().on(listener)).toEqualTypeOf<() => void>();
  expectTypeOf<Extract<CacheEvent, { type: 'miss' }>['reason']>().toEqualTypeOf<string>();
});

it('every error has a code to switch over', () => {
  expectTypeOf<InvalidOptionError['code']>().toExtend<CachetasticErrorCode>();
  expectTypeOf<CachetasticErrorCode>().not.toEqualTypeOf<string>();
  expectTypeOf(new InvalidOptionError('ttl', -1, 'more')).toExtend<Error>();
});

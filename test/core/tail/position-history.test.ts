import { expect, it } from 'vitest';
import { PositionHistory } from '../../../packages/core/src/tail/position-history.js';
import { randomFrom } from '../../support/random.js';

const at = (seq: number) => ({ epoch: 'e1', seq });

it('no position is known from before the first request, nor from before a restart', () => {
  const history = new PositionHistory();
  history.moved(at(0), 10);

  expect(history.before(100, 50, at(1))).toBeUndefined();
  expect(history.before(100, 149, at(1))).toBeUndefined();
  expect(history.before(100, 150, at(1))).toEqual(at(1));
  history.restarted(200);
  expect(history.before(100, 299, at(1))).toBeUndefined();
  expect(history.before(100, 300, at(1))).toEqual(at(1));
});

it('a restart in the future counts from then, also if the first request comes before', () => {
  const history = new PositionHistory();
  history.restarted(500);

  expect(history.before(100, 200, at(0))).toBeUndefined();
  expect(history.before(100, 599, at(0))).toBeUndefined();
  expect(history.before(100, 600, at(0))).toEqual(at(0));
});

it('positions are exact if records are far apart', () => {
  const history = new PositionHistory();
  history.before(100, 0, at(0));
  history.moved(at(0), 50);
  history.moved(at(1), 90);

  expect(history.before(100, 149, at(2))).toEqual(at(0));
  expect(history.before(100, 150, at(2))).toEqual(at(1));
  expect(history.before(100, 189, at(2))).toEqual(at(1));
  expect(history.before(100, 190, at(2))).toEqual(at(2));
});

it('few positions are kept of any number of records, none newer than the current one of its time, none much older', () => {
  const seed = Number(process.env['CACHETASTIC_TEST_SEED'] ?? Date.now() % 1_000_000);
  const random = randomFrom(seed);
  const lag = 10_000;
  const history = new PositionHistory();
  history.before(lag, 0, at(0));
  /** Index: the position; value: until when it was current. */
  const until: number[] = [];
  const current = (time: number): number => {
    const found = until.findIndex((end) => end > time);
    return found === -1 ? until.length : found;
  };

  let now = 0;
  for (let seq = 0; seq < 20_000; seq++) {
    now += random() < 0.01 ? 200 * random() : 2 * random();
    history.moved(at(seq), now);
    until.push(now);
    expect(history.size, `seed ${seed}`).toBeLessThanOrEqual(66);
    if (seq % 50 !== 0 || now < 2 * lag) continue;
    const found = history.before(lag, now, at(until.length))?.seq ?? Number.NaN;
    expect(found, `seed ${seed}`).toBeLessThanOrEqual(current(now - lag));
    expect(found, `seed ${seed}`).toBeGreaterThanOrEqual(current(now - lag - lag / 64));
  }
});

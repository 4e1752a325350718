import { describe, expect, it } from 'vitest';
import { KeyBatch } from '../../../packages/core/src/tier/key-batch.js';

function setup(most = 200): { batch: KeyBatch<string>; loads: (readonly string[])[] } {
  const loads: (readonly string[])[] = [];
  const batch = new KeyBatch<string>(most, async (keys) => {
    loads.push(keys);
    return keys.map((key) => ({ status: 'fulfilled', value: `value of ${key}` }));
  });
  return { batch, loads };
}

describe('a batch of look-ups', () => {
  it('look-ups of one turn become one load, including those that promises of the turn add', async () => {
    const { batch, loads } = setup();

    const later = Promise.resolve()
      .then(() => {})
      .then(() => batch.get('b'));
    const values = await Promise.all([batch.get('a'), later]);

    expect(values).toEqual(['value of a', 'value of b']);
    expect(loads).toEqual([['a', 'b']]);
  });

  it('many look-ups become several loads', async () => {
    const { batch, loads } = setup(2);

    await Promise.all(['a', 'b', 'c'].map((key) => batch.get(key)));

    expect(loads).toEqual([['a', 'b'], ['c']]);
  });

  it('look-ups of one load settle in one turn', async () => {
    const { batch } = setup();
    let turn = 0;
    const turns = Promise.all(['a', 'b', 'c'].map((key) => batch.get(key).then(() => turn)));
    const count = (): unknown => setImmediate(() => turn++ < 10 && count());
    count();

    expect(new Set(await turns).size).toBe(1);
  });

  it('many look-ups settle in one turn for each load', async () => {
    const { batch } = setup(2);
    let turn = 0;
    const turns = Promise.all(['a', 'b', 'c', 'd', 'e'].map((key) => batch.get(key).then(() => turn)));
    const count = (): unknown => setImmediate(() => turn++ < 20 && count());
    count();

    const [a, b, c, d, e] = await turns;
    expect([b, d]).toEqual([a, c]);
    expect(new Set([a, c, e]).size).toBe(3);
  });

  it('look-ups fail together if their load fails, and the next turn loads again', async () => {
    let fails = true;
    const batch = new KeyBatch<number>(200, async (keys) => {
      if (fails) throw new Error('lost');
      return keys.map((_, index) => ({ status: 'fulfilled', value: index }));
    });

    const results = await Promise.allSettled([batch.get('a'), batch.get('b')]);
    fails = false;

    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await batch.get('a')).toBe(0);
  });

  it('a look-up fails alone if the load rejects only its key', async () => {
    const batch = new KeyBatch<string>(200, async (keys) =>
      keys.map((key) =>
        key === 'bad' ? { status: 'rejected', reason: new Error(key) } : { status: 'fulfilled', value: key },
      ),
    );

    const results = await Promise.allSettled([batch.get('good'), batch.get('bad')]);

    expect(results).toEqual([
      { status: 'fulfilled', value: 'good' },
      { status: 'rejected', reason: new Error('bad') },
    ]);
  });
});

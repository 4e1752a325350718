import { expect, it } from 'vitest';
import { setup } from '../../support/core-setup.js';

it('keeps nothing that a lagging replica may have answered from before a change', async () => {
  const { clock, read, write, load, query } = await setup();
  const lagging = { ...query, originLag: 500 };
  await read(lagging);
  clock.advance('1s');
  await read(lagging);
  await write();
  await read(lagging);
  await read(lagging);
  expect(load.calls).toBe(4);

  clock.advance('499ms');
  await read(lagging);
  expect(load.calls).toBe(5);
  clock.advance('1ms');
  await read(lagging);
  await read(lagging);
  expect(load.calls).toBe(6);
});

it('keeps what was loaded long enough after the last change', async () => {
  const { clock, read, write, load, query } = await setup();
  const lagging = { ...query, originLag: 500 };
  await read(lagging);
  await write();
  clock.advance('2s');

  await read(lagging);
  await read(lagging);

  expect(load.calls).toBe(2);
});

it('without lag keeps what was loaded right after a change', async () => {
  const { read, write, load } = await setup();
  await read();
  await write();
  await read();
  await read();

  expect(load.calls).toBe(2);
});

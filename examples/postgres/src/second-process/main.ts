/*
 * The second process: a client of the same shop with a memory of its own. It hears of the first process's writes from
 * Redis alone. The line to the first process carries what it is asked here, and its SQL where the database is embedded.
 */
import { setImmediate } from 'node:timers/promises';
import { borrowedReach } from '../database/borrowed.js';
import { postgresReach } from '../database/postgres.js';
import { ORMS } from '../orms.js';
import { Line } from './line.js';
import type { Sighting, Start } from './second-process.js';

const line = new Line(process);
// Whatever ends the first process ends this one.
process.on('disconnect', () => process.exit());

const { orm: name, namespace, redis } = await line.ask<Start>('start');
const orm = ORMS.find((known) => known.name === name);
if (orm === undefined) throw new Error(`There is no half of the example for ${name}.`);
const url = process.env['DATABASE_URL'];
const shop = orm.open(url ? postgresReach(url) : borrowedReach(line), { redis, namespace });
const read = (id: number) => shop.$cache.explain(() => shop.reads.product(id, true));

let sighting: Promise<Sighting> | undefined;

line.answer('watch', async ({ id, stock }: { id: number; stock: number }) => {
  // Twice: the second answer is from memory.
  await read(id);
  const { info } = await read(id);
  sighting = waitFor(id, stock);
  return info.source;
});
line.answer('sighting', () => sighting);
line.answer('close', () => shop.close());
await line.ask('ready');

/** Reads without a pause until memory has the new row. */
async function waitFor(id: number, stock: number): Promise<Sighting> {
  let lastOld = process.hrtime.bigint();
  let firstNew: bigint | undefined;
  for (;;) {
    const asked = process.hrtime.bigint();
    const { data, info } = await read(id);
    const answered = process.hrtime.bigint();
    if (data?.stock !== stock) lastOld = asked;
    else {
      firstNew ??= answered;
      if (info.source === 'memory') return { lastOld, firstNew, fromMemory: answered };
    }
    // Lets messages in.
    await setImmediate();
  }
}

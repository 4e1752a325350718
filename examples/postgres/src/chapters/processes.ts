import { median } from '../measure.js';
import { SecondProcess } from '../second-process/second-process.js';
import { aside, milliseconds, say, table, verdict } from '../terminal.js';
import type { Chapter } from './chapter.js';

const PRODUCT = 42;
const WRITES = 25;

/** Another process, with a memory of its own, hears of writes. */
export const processes: Chapter = {
  title: 'A second process hears of it',

  async run(stage) {
    if (stage.redis === undefined) {
      aside('Left out: processes hear of each other through Redis. Set REDIS_URL, or install redis-server.');
      return;
    }
    say(`Another process has product ${PRODUCT} in its memory and reads it without a pause. This one changes it.`);
    const second = await SecondProcess.start(stage);

    const times = { lastOld: [] as number[], firstNew: [] as number[], fromMemory: [] as number[] };
    for (let stock = 1_000; stock < 1_000 + WRITES; stock++) {
      await second.watch(PRODUCT, stock);
      await stage.shop.writes.setStock(PRODUCT, stock);
      const acknowledged = process.hrtime.bigint();
      const sighting = await second.sighting();
      for (const name of ['lastOld', 'firstNew', 'fromMemory'] as const) {
        times[name].push(Number(sighting[name] - acknowledged) / 1e6);
      }
    }
    await second.close();

    table(
      [
        { head: 'after the write was acknowledged here' },
        ...['median', 'max'].map((head) => ({ head, align: 'right' as const })),
      ],
      (
        [
          ['it last asked and was given the old row', times.lastOld],
          ['it was first given the new row', times.firstNew],
          ['its memory answered the new row', times.fromMemory],
        ] as const
      ).map(([what, values]) => [what, milliseconds(median(values), 2), milliseconds(Math.max(...values), 2)]),
    );
    aside(`${WRITES} writes. Below zero: it knew before the writer was told that the write is done.`);
    verdict(
      Math.max(...times.lastOld) < 1_000,
      'Every write arrived well within the bound of 1 s that holds if messages get lost.',
    );
  },
};

import { count, facts, say } from '../terminal.js';
import type { Chapter } from './chapter.js';

/** What the cache counted meanwhile. */
export const summary: Chapter = {
  title: 'What the cache counted',

  async run({ shop }) {
    say('`db.$cache.stats()` of the client that asked most of the above:');
    const stats = shop.$cache.stats();
    facts([
      ['hits', `${count(stats.hits.memory)} from memory, ${count(stats.hits['redis'] ?? 0)} from Redis`],
      ['misses', `${count(stats.misses)}, ${count(stats.coalesced)} callers joined a load`],
      ['hit ratio', `${(stats.hitRatio * 100).toFixed(1)} %`],
      ['bypasses', `${count(stats.bypasses)} reads could not be cached`],
      ['invalidations', `${count(stats.invalidations)} records in the log, ${count(stats.queued)} waiting`],
      ['failures', `${count(stats.loadFailures)} of loads, ${count(stats.tierFailures)} of Redis`],
      ['memory', `${count(stats.memory.entries)} answers, about ${count(Math.round(stats.memory.bytes / 1_024))} kB`],
    ]);
  },
};

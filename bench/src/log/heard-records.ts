import type { RedisStore } from '@cachetastic/core/redis';

/** What a process was told of by messages, without asking. */
export interface Heard {
  records: number;
  /** How often a record was not the one after the last one: lost, late or repeated. */
  outOfOrder: number;
}

/** `shared`, which counts in `heard` what its log tells. */
export function listeningTo(shared: RedisStore, heard: Heard): RedisStore {
  return {
    name: shared.name,
    open(context) {
      const { tier, log } = shared.open(context);
      const subscribe = log.subscribe.bind(log);
      let last: number | undefined;
      log.subscribe = (listener) =>
        subscribe({
          onRecord(epoch, record) {
            heard.records += 1;
            if (last !== undefined && record.seq !== last + 1) heard.outOfOrder += 1;
            last = record.seq;
            listener.onRecord(epoch, record);
          },
          onGap: () => listener.onGap(),
        });
      return { tier, log };
    },
  };
}

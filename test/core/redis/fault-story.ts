import { type CacheEvent, CacheEvents, createQueryCache, type QueryCache, type ReadInfo } from '@cachetastic/core';
import { redis } from '@cachetastic/core/redis';
import { SeparateProcess } from '@cachetastic/core/testing';
import { expect } from 'vitest';
import type { RedisTierOptions } from '../../../packages/core/src/redis/redis-options.js';
import { waitUntil } from '../../support/services/index.js';

/** What a cache may be behind what Redis has, with what a turn of the event loop takes, in milliseconds. */
const BOUND = 1_100;
/** How long a fault may last before a test gives up, in milliseconds. */
const PATIENCE = 60_000;
/** Between two rounds, in milliseconds. */
const PAUSE = 30;

/** One imagined process. */
interface Member {
  readonly name: string;
  readonly cache: QueryCache;
  readonly events: CacheEvent[];
}

/** What a fault cost, for a table. */
export interface StoryRow {
  readonly fault: string;
  /** From the beginning of the fault until every process read what was written and nothing waited, in seconds. */
  readonly right: string;
  /** Until every process answered from memory again. */
  readonly hits: string;
  readonly reads: number;
  /** Reads that were behind what Redis had for longer than the bound. */
  readonly stale: number;
  readonly events: string;
}

/** Processes that read and write one row through Redis, while things go wrong. The first one writes. */
export class FaultStory {
  readonly #members: readonly Member[];
  #version = 0;
  /** What the log has taken, and when. */
  #delivered: { readonly version: number; readonly at: number }[] = [];
  #reads = 0;
  #stale = 0;

  constructor(namespace: string, ways: Readonly<Record<string, RedisTierOptions>>) {
    this.#members = Object.entries(ways).map(([name, options]) => {
      const events: CacheEvent[] = [];
      const heard = new CacheEvents();
      heard.on((event) => events.push(event));
      const shared = redis(options);
      const cache = new SeparateProcess().run(() =>
        createQueryCache({ namespace, database: 'story', shared, events: heard }),
      );
      return { name, cache, events };
    });
  }

  /** The events that operators should alert on, except the start of the log. */
  get alarms(): readonly string[] {
    const alarms = ['tier-failed', 'log-unconfirmed', 'queue-delayed', 'queue-overflow', 'invalidation-lost'];
    return this.#members
      .flatMap(({ events }) => events.map(({ type }) => type))
      .filter((type) => alarms.includes(type));
  }

  /** The operations that `tier-failed` named. */
  get failed(): readonly string[] {
    const events = this.#members.flatMap((member) => member.events);
    return events.flatMap((event) => (event.type === 'tier-failed' ? [event.operation] : []));
  }

  /** Until every process answers from memory. */
  async settle(): Promise<void> {
    await waitUntil('hits everywhere', () => this.#expectHits(), PATIENCE);
  }

  /** Reads once in every process. @returns Why the database answered, if it did. */
  async reasons(): Promise<readonly (string | undefined)[]> {
    const reads = await Promise.all(this.#members.map((member) => this.#read(member)));
    return reads.map(({ reason }) => reason);
  }

  /** Invalidates everything, in the first process. */
  clear(): Promise<void> {
    const [writer] = this.#members;
    if (writer === undefined) throw new Error('No process writes.');
    return writer.cache.clear();
  }

  /** Lets `fault` happen while all read and one writes, and goes on until everything is as it was. */
  async suffer(fault: string, happen: () => Promise<unknown>): Promise<StoryRow> {
    await this.settle();
    [this.#reads, this.#stale] = [0, 0];
    const before = this.#members.map(({ events }) => events.length);
    const begun = performance.now();
    let happened = false;
    const happening = happen().then(() => {
      happened = true;
    });
    let right: number | undefined;
    const recovered = waitUntil(
      `recovery from: ${fault}`,
      async () => {
        const all = await this.#round();
        if (!happened || !all) throw new Error('not yet');
        right ??= performance.now() - begun;
        await this.#expectHits();
      },
      PATIENCE,
    );
    await Promise.all([happening, recovered]);
    const hits = performance.now() - begun;
    this.#expectQuiet();
    return {
      ...{ fault, right: seconds(right ?? hits), hits: seconds(hits), reads: this.#reads, stale: this.#stale },
      events: this.#told(before),
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.#members.map(({ cache }) => cache.close()));
  }

  /** Writes, then reads everywhere. @returns Whether nothing is queued and every process reads what was written. */
  async #round(): Promise<boolean> {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    const [writer] = this.#members;
    if (writer === undefined) throw new Error('No process writes.');
    await writer.cache.write(
      async () => ++this.#version,
      () => [{ kind: 'model', model: 'items', op: 'update' }],
    );
    if (writer.cache.stats().queued === 0) this.#delivered.push({ version: this.#version, at: performance.now() });
    let all = writer.cache.stats().queued === 0;
    for (const member of this.#members) {
      const asked = performance.now();
      const due = this.#delivered.findLast(({ at }) => at < asked - BOUND)?.version ?? 0;
      const { value } = await this.#read(member);
      this.#reads++;
      if (value < due) this.#stale++;
      all &&= value === this.#version && member.cache.stats().log.confirmed;
    }
    return all;
  }

  async #read({ cache }: Member): Promise<{
    readonly value: number;
    readonly status: string | undefined;
    readonly reason: string | undefined;
  }> {
    let info: ReadInfo | undefined;
    const value = await cache.read(
      {
        name: 'Item.findUnique',
        keyParts: { id: 1 },
        footprint: { dependencies: [{ model: 'items' }], tags: [] },
        lifetime: { ttl: 600_000, swr: 0, grace: 0 },
      },
      async () => this.#version,
      (told) => {
        info = told;
      },
    );
    return { value, status: info?.status, reason: info?.reason };
  }

  async #expectHits(): Promise<void> {
    for (const member of this.#members) {
      const { value, status } = await this.#read(member);
      if (status !== 'hit' || value !== this.#version) throw new Error(`${member.name}: ${status}, ${value}`);
    }
  }

  /** An outage has one beginning and one end for each operation, however many reads there are. */
  #expectQuiet(): void {
    for (const { events } of this.#members) {
      const failing = new Set<string>();
      for (const event of events) {
        if (event.type === 'tier-failed') {
          expect(failing).not.toContain(event.operation);
          failing.add(event.operation);
        } else if (event.type === 'tier-recovered') {
          expect(failing).toContain(event.operation);
          failing.delete(event.operation);
        }
      }
    }
  }

  /** @param before - How many events of each process are not of this story. */
  #told(before: readonly number[]): string {
    const told = (event: CacheEvent): string | undefined => {
      if (event.type === 'tier-failed' || event.type === 'tier-recovered') return `${event.type} ${event.operation}`;
      return event.type.startsWith('log-') || event.type.startsWith('queue-') ? event.type : undefined;
    };
    const counts = new Map<string, number>();
    for (const event of this.#members.flatMap(({ events }, index) => events.slice(before[index]))) {
      const name = told(event);
      if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return [...counts].map(([name, count]) => `${count} ${name}`).join(', ');
  }
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}

/** `rows` as a table to print. */
export function tableOfStories(rows: readonly StoryRow[]): string {
  const lines = rows.map(({ fault, right, hits, reads, stale, events }) =>
    [fault, right, hits, `${stale} of ${reads}`, events].join(' | '),
  );
  return ['fault | right after | hits after | stale reads | events of all processes', ...lines].join('\n');
}

import type { ComparedCache } from '../contestants/index.js';
import { machineTime } from '../machine-time.js';
import type { Origin } from '../origin.js';
import type { Answer, CacheNode, Written } from './cache-node.js';
import { type Call, Traffic } from './traffic.js';
import { type Sighting, Watch } from './watch.js';

/** A node in this process. */
export class LocalNode implements CacheNode {
  readonly #cache: ComparedCache;
  readonly #origin: Origin;
  #traffic: Traffic | undefined;
  #watch: Watch | undefined;

  constructor(cache: ComparedCache, origin: Origin) {
    this.#cache = cache;
    this.#origin = origin;
  }

  async read(key: string): Promise<Answer> {
    let loaded = false;
    const version = await this.#cache.read(key, () => {
      loaded = true;
      return this.#origin.load(key);
    });
    return { version, loaded };
  }

  async write(key: string): Promise<Written> {
    const startedAt = machineTime();
    await this.#cache.write(key, () => this.#origin.raise(key));
    return { startedAt, acknowledgedAt: machineTime() };
  }

  async startTraffic(): Promise<void> {
    this.#traffic = new Traffic(this);
  }

  async stopTraffic(patience: number): Promise<readonly Call[]> {
    return (await this.#traffic?.stop(patience)) ?? [];
  }

  async startWatch(keys: readonly string[]): Promise<void> {
    this.#watch = new Watch(keys, async (key) => (await this.read(key)).version);
  }

  async sightings(): Promise<readonly Sighting[]> {
    return this.#watch?.sightings ?? [];
  }

  async close(): Promise<void> {
    this.#watch?.stop();
    await this.#cache.close();
  }
}

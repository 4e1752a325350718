import { setTimeout as delay } from 'node:timers/promises';
import { machineTime } from './machine-time.js';

/** The database of a comparison: rows that are nothing but a version. Every row exists and begins with version 1. */
export interface Origin {
  load(key: string): Promise<number>;
  /** Changes a row. @returns Its new version. */
  raise(key: string): Promise<number>;
}

/** A load that has read its row and answers when it is told to. */
export interface HeldLoad {
  /** Resolves when the load has read. */
  readonly begun: Promise<void>;
  release(): void;
}

/** What a database takes for an indexed row over a short network, in milliseconds. */
const LATENCY = 5;

/** The rows themselves, in the process that plays. Nodes ask for them by messages. */
export class Rows implements Origin {
  readonly #versions = new Map<string, number>();
  readonly #raisedAt = new Map<string, number>();
  readonly #holds = new Map<string, (version: number) => Promise<number>>();

  async load(key: string): Promise<number> {
    await delay(LATENCY);
    const version = this.versionOf(key);
    const hold = this.#holds.get(key);
    this.#holds.delete(key);
    return hold === undefined ? version : hold(version);
  }

  async raise(key: string): Promise<number> {
    await delay(LATENCY);
    const version = this.versionOf(key) + 1;
    this.#versions.set(key, version);
    this.#raisedAt.set(key, machineTime());
    return version;
  }

  /** Holds the next load of `key`: what it answers is what it read, however long that was ago. */
  hold(key: string): HeldLoad {
    const begun = deferred();
    const released = deferred();
    this.#holds.set(key, async (version) => {
      begun.resolve();
      await released.promise;
      return version;
    });
    return { begun: begun.promise, release: () => released.resolve() };
  }

  versionOf(key: string): number {
    return this.#versions.get(key) ?? 1;
  }

  /** When it last changed, in {@link machineTime}; never: 0. */
  raisedAt(key: string): number {
    return this.#raisedAt.get(key) ?? 0;
  }
}

function deferred(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve: () => resolve() };
}

import { setTimeout as delay } from 'node:timers/promises';
import type { Load, Mode } from '../settings.js';
import type { World } from '../world.js';

/** What a fault is done with. */
export interface Hand {
  readonly world: World;
  /** Numbers from 0 to 1. */
  readonly random: () => number;
  /** How long the fault is to take, in milliseconds. */
  readonly lasts: number;
}

/** Something that goes wrong for a while. */
export interface Fault {
  /** As in `--faults`. */
  readonly id: string;
  /** For people, in 40 columns. */
  readonly name: string;
  /** Whether no process reaches the log meanwhile. */
  readonly lost?: boolean;
  /** Whether some write to another log than the others meanwhile. */
  readonly apart?: boolean;
  /** Where anything is promised under it. @defaultValue everywhere */
  readonly modes?: readonly Mode[];
  /** How long it takes at most, in milliseconds, for what would otherwise end by itself. */
  readonly longest?: number;
  /** What differs from the usual load. */
  readonly load?: Partial<Load>;
  /** Does it, and leaves everything as it should be. */
  readonly run: (hand: Hand) => Promise<unknown>;
}

/** One of the processes. */
export function anyone({ world, random }: Hand): number {
  return Math.floor(random() * world.applications.length);
}

/** Does something again and again, with pauses of about `pause` milliseconds, until the fault is over. */
export async function again({ lasts, random }: Hand, pause: number, work: () => Promise<unknown>): Promise<void> {
  const end = performance.now() + lasts;
  while (performance.now() < end) {
    await work();
    await delay(pause * (0.5 + random()));
  }
}

/** Lets something last as long as the fault does. */
export async function meanwhile({ lasts }: Hand, begin: () => unknown, end: () => unknown): Promise<void> {
  await begin();
  await delay(lasts);
  await end();
}

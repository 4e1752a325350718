import type { Entry } from '../entry/entry.js';
import { ShapeNames, stringWeight } from '../entry/shape-names.js';
import { weightOf } from '../entry/weight.js';

/** What memory keeps for every entry: its place in the map and in the queues, its times and its stamp. */
const ENTRY = 400;
/** What memory keeps for every projection: how to copy it, and whether it was requested. */
const PROJECTION = 300;

/** V8 shares the shapes of objects in the whole process. */
const names = new ShapeNames();

/** What `entry` costs in memory under `key`, estimated, in bytes. */
export function residentWeight(key: string, { value, footprint }: Entry): number {
  return ENTRY + stringWeight(key) + weightOf(value, names) + weightOf(footprint);
}

/** What `projected` costs in memory beside its entry, estimated, in bytes. */
export function projectionWeight(projected: unknown): number {
  return PROJECTION + weightOf(projected, names);
}

import { generation0 } from '../generation-0/generation-0.js';
import { generation1 } from '../generation-1/generation-1.js';
import type { DatabaseLike } from '../objects/database.js';
import type { Generation } from './generation.js';

/** The generations of Drizzle, the newest first. */
export const GENERATIONS: readonly Generation[] = [generation1, generation0];

export function generationOf(database: DatabaseLike): Generation {
  const oldest = GENERATIONS[GENERATIONS.length - 1] as Generation;
  return GENERATIONS.find((generation) => generation.recognises(database)) ?? oldest;
}

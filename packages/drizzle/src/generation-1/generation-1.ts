import type { Generation } from '../intercept/generation.js';
import { at } from '../objects/entities.js';
import { interceptExecutors } from './executors.js';

/** Drizzle 1.0. */
export const generation1: Generation = {
  name: '1',
  recognises: ({ _ }) => _['relations'] !== undefined,
  tablesOf: ({ _ }) => Object.values(_['relations'] ?? {}).map((relation: unknown) => at(relation, 'table')),
  authorisesSession: true,
  interceptPrepared: interceptExecutors,
};

import type { Generation } from '../intercept/generation.js';
import { at } from '../objects/entities.js';
import { interceptMethods } from './prepared-methods.js';
import { withTemplates } from './templated-dialect.js';
import { isTemplated } from './templated-query.js';

/** Drizzle 0.45. */
export const generation0: Generation = {
  name: '0',
  recognises: ({ _ }) => _['relations'] === undefined,
  tablesOf: ({ _ }) => Object.values(_['fullSchema'] ?? {}),
  columnName(dialect, column) {
    const casing = at(dialect, 'casing');
    const derive = at(casing, 'getColumnCasing');
    const derived: unknown = typeof derive === 'function' ? derive.call(casing, column) : undefined;
    return typeof derived === 'string' ? derived : undefined;
  },
  authorisesSession: false,
  // A dialect of 1.0 builds a query as fast as a template is found.
  accelerate: (dialect) => (at(dialect, 'mapperGenerators') === undefined ? withTemplates(dialect) : dialect),
  wroteItself: isTemplated,
  interceptPrepared: interceptMethods,
};

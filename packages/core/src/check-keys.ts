import { InvalidOptionError } from './errors.js';

/**
 * Checks that `given` is an object of known options.
 *
 * @param path - Where it stands among the options: `''` at the top, `'memory'` below.
 * @throws {@link InvalidOptionError} naming the first option that is unknown, and those that are allowed.
 */
export function checkKeys(path: string, given: unknown, allowed: readonly string[]): asserts given is object {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new InvalidOptionError(path === '' ? 'options' : path, given, `an object with ${allowed.join(', ')}`);
  }
  for (const key of Object.keys(given)) {
    if (allowed.includes(key)) continue;
    const option = path === '' ? key : `${path}.${key}`;
    throw new InvalidOptionError(option, (given as Record<string, unknown>)[key], allowed);
  }
}

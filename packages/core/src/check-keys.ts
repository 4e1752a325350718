import { InvalidOptionError } from './errors.js';

/**
 * Checks that `input` is an object of known options.
 *
 * @param path - Its path among the options: `''` for all options, `'memory'` for those of the memory tier.
 * @throws {@link InvalidOptionError} naming the first option that is unknown, and those that are allowed.
 */
export function checkKeys(path: string, input: unknown, allowed: readonly string[]): asserts input is object {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new InvalidOptionError(path === '' ? 'options' : path, input, `an object with ${allowed.join(', ')}`);
  }
  for (const key of Object.keys(input)) {
    if (allowed.includes(key)) continue;
    const option = path === '' ? key : `${path}.${key}`;
    throw new InvalidOptionError(option, (input as Record<string, unknown>)[key], allowed);
  }
}

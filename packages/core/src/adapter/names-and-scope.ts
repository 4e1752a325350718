import { InvalidOptionError } from '../errors.js';

/** @throws {@link InvalidOptionError} unless `given` is a list of non-empty texts. */
export function parseNames(option: string, given: unknown, what: string): readonly string[] {
  if (given === undefined) return [];
  if (Array.isArray(given) && given.every((name) => typeof name === 'string' && name !== '')) return given;
  throw new InvalidOptionError(option, given, `a list of ${what}, none of them empty`);
}

/** @throws {@link InvalidOptionError} unless `given` is a non-empty text. */
export function parseScope(option: string, given: unknown): string | undefined {
  if (given === undefined || (typeof given === 'string' && given !== '')) return given;
  throw new InvalidOptionError(option, given, 'a text that is not empty');
}

import { InvalidOptionError } from '../errors.js';

/** @throws {@link InvalidOptionError} unless `input` is absent or an array of non-empty strings, which errors call `what`. */
export function parseNames(option: string, input: unknown, what: string): readonly string[] {
  if (input === undefined) return [];
  if (Array.isArray(input) && input.every((name) => typeof name === 'string' && name !== '')) return input;
  throw new InvalidOptionError(option, input, `an array of ${what} (non-empty strings)`);
}

/** @throws {@link InvalidOptionError} unless `input` is absent or a non-empty string. */
export function parseScope(option: string, input: unknown): string | undefined {
  if (input === undefined || (typeof input === 'string' && input !== '')) return input;
  throw new InvalidOptionError(option, input, 'a non-empty string');
}

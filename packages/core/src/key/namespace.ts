import { InvalidOptionError } from '../errors.js';
import { digest } from './digest.js';

const NAMESPACE = /^[A-Za-z0-9._-]{1,64}$/;
/** A database name that a key may contain as it is: shorter than any digest, so the two are never equal. */
const CLEAN_DATABASE = /^[A-Za-z0-9._-]{1,40}$/;

/** @throws {@link InvalidOptionError} unless `input` is 1 to 64 letters, digits, `.`, `_` or `-`. */
export function parseNamespace(option: string, input: unknown): string {
  if (typeof input === 'string' && NAMESPACE.test(input)) return input;
  throw new InvalidOptionError(option, input, '1 to 64 letters, digits, `.`, `_` or `-`');
}

/**
 * The prefix of everything that a cache of `namespace` and `database` stores in shared tiers.
 *
 * @param namespace - Checked by {@link parseNamespace}.
 * @param database - A non-empty string. If it is longer than 40 characters or contains others than letters, digits, `.`,
 * `_` and `-` (such as a URL with its password), its digest appears instead.
 * @throws {@link InvalidOptionError} if `database` is invalid.
 */
export function prefixOf(namespace: string, database: unknown): string {
  if (typeof database !== 'string' || database === '') {
    throw new InvalidOptionError('database', database, 'a non-empty string');
  }
  return `ct:${namespace}:${CLEAN_DATABASE.test(database) ? database : digest(database)}`;
}

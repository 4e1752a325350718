import { InvalidOptionError } from '../errors.js';
import { digest } from './digest.js';

const DEFAULT_NAMESPACE = 'cachetastic';
const NAMESPACE = /^[A-Za-z0-9._-]{1,64}$/;
/** A database name that a key may contain as it is: shorter than any digest, so the two are never equal. */
const CLEAN_DATABASE = /^[A-Za-z0-9._-]{1,40}$/;

/**
 * The prefix of everything that a cache of `namespace` and `database` stores in shared tiers.
 *
 * @param namespace - 1 to 64 letters, digits, `.`, `_` or `-`. @defaultValue `'cachetastic'`
 * @param database - A non-empty string. If it is longer than 40 characters or contains others than letters, digits, `.`,
 * `_` and `-` (such as a URL with its password), its digest appears instead.
 * @throws {@link InvalidOptionError} if one of them is invalid.
 */
export function resolveNamespace(namespace: unknown, database: unknown): string {
  const name = namespace ?? DEFAULT_NAMESPACE;
  if (typeof name !== 'string' || !NAMESPACE.test(name)) {
    throw new InvalidOptionError('namespace', namespace, '1 to 64 letters, digits, `.`, `_` or `-`');
  }
  if (typeof database !== 'string' || database === '') {
    throw new InvalidOptionError('database', database, 'a text that names the database');
  }
  return `ct:${name}:${CLEAN_DATABASE.test(database) ? database : digest(database)}`;
}

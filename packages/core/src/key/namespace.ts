import { InvalidOptionError } from '../errors.js';
import { digest } from './digest.js';

/** What an application is called that gives itself no name. */
const DEFAULT_NAMESPACE = 'cachetastic';
const NAMESPACE = /^[A-Za-z0-9._-]{1,64}$/;
/** A database name that may stand in a key as it is: shorter than any digest, so that the two never meet. */
const CLEAN_DATABASE = /^[A-Za-z0-9._-]{1,40}$/;

/**
 * The prefix of everything that a cache of `namespace` and `database` stores in shared tiers.
 *
 * @param namespace - 1 to 64 letters, digits, `.`, `_` or `-`. @defaultValue `'cachetastic'`
 * @param database - Any text. One that is long, or holds more than letters, digits, `.`, `_` and `-` (a URL with its
 * password, say), appears as its digest.
 * @throws {@link InvalidOptionError} if one of them is not what is said above.
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

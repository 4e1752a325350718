/** Stable: safe to switch over. Adding one is a minor release, renaming one a major. */
export type CachetasticErrorCode =
  | 'ERR_INVALID_OPTION'
  | 'ERR_TIER_UNAVAILABLE'
  | 'ERR_CODEC'
  | 'ERR_UNSUPPORTED_KEY'
  | 'ERR_INVALIDATION_LOST'
  | 'ERR_WRITE_NOT_ANNOUNCED'
  | 'ERR_UNSAFE_SETUP'
  | 'ERR_UNIDENTIFIED_DATABASE';

/** Base of everything this library throws on its own account. `cause` is what went wrong underneath. */
export abstract class CachetasticError extends Error {
  abstract readonly code: CachetasticErrorCode;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** An option was unknown or malformed. The message names the option and what is allowed, and what was given unless it is unknown. */
export class InvalidOptionError extends CachetasticError {
  readonly code = 'ERR_INVALID_OPTION';
  /** The option's path, for example `'memory.maxBytes'`. */
  readonly option: string;

  /** @param allowed - What would be right; the names of all options, if there is none of this name. */
  constructor(option: string, given: unknown, allowed: string | readonly string[]) {
    // What an unknown option was given is not repeated: it may be a URL with its password.
    super(
      typeof allowed === 'string'
        ? `Invalid option \`${option}\`: expected ${allowed}, got ${describe(given)}.`
        : `Unknown option \`${option}\`. Known are ${allowed.join(', ')}.`,
    );
    this.option = option;
  }
}

/** A tier's store, or the log, did not answer in time or answered with an error. */
export class TierUnavailableError extends CachetasticError {
  readonly code = 'ERR_TIER_UNAVAILABLE';
}

/** A tier was not asked, because its first connection is still being made. No failure: it is in time. */
export class TierOpeningError extends TierUnavailableError {}

/** A value cannot be encoded exactly, or a payload cannot be decoded. */
export class CodecError extends CachetasticError {
  readonly code = 'ERR_CODEC';
}

/** A query holds a value that has no canonical form, so it has no key and is not cached. */
export class UnsupportedKeyError extends CachetasticError {
  readonly code = 'ERR_UNSUPPORTED_KEY';
}

/** An explicit invalidation could not be appended to the log before the deadline. It stays queued. */
export class InvalidationLostError extends CachetasticError {
  readonly code = 'ERR_INVALIDATION_LOST';
}

/** A write was not sent to the database, because it has to be announced first and could not be. */
export class WriteNotAnnouncedError extends CachetasticError {
  readonly code = 'ERR_WRITE_NOT_ANNOUNCED';
}

/** Cachetastic was combined with something in a way that could serve wrong answers. */
export class UnsafeSetupError extends CachetasticError {
  readonly code = 'ERR_UNSAFE_SETUP';
}

/** The database cannot be asked for its name, so nothing can be cached until the option `database` gives it one. */
export class UnidentifiedDatabaseError extends CachetasticError {
  readonly code = 'ERR_UNIDENTIFIED_DATABASE';
}

/** `given`, as an error message shows it: short, on one line, strings in quotes. */
function describe(given: unknown): string {
  // A URL may hold a password, also where none is expected.
  if (typeof given === 'string' && given.includes('://')) return 'a URL';
  if (typeof given === 'string') return JSON.stringify(given.length > 80 ? `${given.slice(0, 77)}...` : given);
  if (typeof given === 'bigint') return `${given}n`;
  if (typeof given === 'function') return 'a function';
  if (Array.isArray(given)) return `an array of ${given.length}`;
  if (typeof given === 'object' && given !== null) {
    const keys = Object.keys(given);
    return keys.length === 0 ? 'an empty object' : `an object with ${keys.slice(0, 5).join(', ')}`;
  }
  return String(given);
}

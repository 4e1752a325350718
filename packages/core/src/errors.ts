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

/** Base of every error that this library creates. `cause` is the underlying error. */
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

  /** @param allowed - What is allowed; the names of all options if `option` is unknown. */
  constructor(option: string, input: unknown, allowed: string | readonly string[]) {
    // The value of an unknown option is not shown: it may be a URL with a password.
    super(
      typeof allowed === 'string'
        ? `Invalid option \`${option}\`: expected ${allowed}, got ${describe(input)}.`
        : `Unknown option \`${option}\`. Known are ${allowed.join(', ')}.`,
    );
    this.option = option;
  }
}

/** A tier's store, or the log, did not answer in time or answered with an error. */
export class TierUnavailableError extends CachetasticError {
  readonly code = 'ERR_TIER_UNAVAILABLE';
}

/** A tier was skipped because its first connection is still being made. Not a failure before the deadline of that. */
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

/** Cachetastic was combined with something in a way that could serve wrong results. */
export class UnsafeSetupError extends CachetasticError {
  readonly code = 'ERR_UNSAFE_SETUP';
}

/** The database could not be identified: nothing is cached until the option `database` names it. */
export class UnidentifiedDatabaseError extends CachetasticError {
  readonly code = 'ERR_UNIDENTIFIED_DATABASE';
}

/** `input`, as an error message shows it: short, on one line, strings in quotes. */
function describe(input: unknown): string {
  // A URL may hold a password, also where none is expected.
  if (typeof input === 'string' && input.includes('://')) return 'a URL';
  if (typeof input === 'string') return JSON.stringify(input.length > 80 ? `${input.slice(0, 77)}...` : input);
  if (typeof input === 'bigint') return `${input}n`;
  if (typeof input === 'function') return 'a function';
  if (Array.isArray(input)) return `an array of ${input.length}`;
  if (typeof input === 'object' && input !== null) {
    const keys = Object.keys(input);
    return keys.length === 0 ? 'an empty object' : `an object with ${keys.slice(0, 5).join(', ')}`;
  }
  return String(input);
}

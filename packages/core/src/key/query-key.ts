import { canonicalForm } from './canonical-form.js';
import { digest } from './digest.js';

/** V8 hashes strings beyond some 16,000 characters by their length alone, and long keys cost memory in every entry. */
const MAX_RAW_LENGTH = 1024;
/** Begins a digest; no canonical form begins with it. */
const DIGESTED = '#';

/** The two names of one query. */
export class QueryKey {
  /** Its name in this process's memory, within one cache: the canonical form if that is short, or its digest. */
  readonly local: string;
  readonly #form: string;
  readonly #identity: string;
  #shared: string | undefined;

  /**
   * @param form - The canonical form of the query.
   * @param identity - What else makes the same query have another result, such as the schema's version.
   */
  constructor(form: string, identity: string) {
    this.local = form.length <= MAX_RAW_LENGTH ? form : DIGESTED + digest(form);
    this.#form = form;
    this.#identity = identity;
  }

  /** Its name in tiers that processes share: a digest of the identity and the query, computed at first use. */
  shared(): string {
    // The identity's canonical form says where it ends, so no part of the query can be taken for identity.
    this.#shared ??= digest(canonicalForm(this.#identity, []) + this.#form);
    return this.#shared;
  }
}

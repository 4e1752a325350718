import { createHash, randomUUID } from 'node:crypto';
import { type CachedPolicy, nestPolicy } from '@cachetastic/core/adapter';
import type { QueryHook } from '../client/prisma-client.js';
import { isReplicas, toPrimaryAware } from './read-replicas.js';

/** The extensions between our hook and the database, for one operation. */
export interface Downstream {
  /** The names of those that may change queries or results and are not trusted. */
  readonly untrusted: readonly string[];
  /**
   * Identifies each hook, trusted or not: it may change the result of a query. The same in every process that runs the same
   * code, except for hooks that are trusted by reference.
   */
  readonly hooks: readonly string[];
  /** The policy of `$cached`, if that made the calling client. */
  readonly cached: CachedPolicy | undefined;
  /** What computed fields need that were added after our extension. */
  readonly needs: readonly string[];
}

const UNKNOWN: Downstream = {
  untrusted: ['unknown Prisma version'],
  hooks: ['unknown'],
  cached: undefined,
  needs: [],
};

/**
 * Whether an extension is trusted. `true`: all of its name do the same, in every process. `'by-reference'`: only this one.
 *
 * @param origins - The extension, and the functions that made it.
 */
export type Trust = (name: string, origins?: readonly object[]) => boolean | 'by-reference';

/** A name for each hook, unique to this process: two with the same source may differ in the variables that they enclose. */
const IDENTITIES = new WeakMap<object, string>();

/** A query extension that does nothing, but shows in the list of hooks. */
interface Carrier {
  readonly name: string;
  readonly query: { readonly $allOperations: QueryHook };
}

/** A query extension, as far as its order among others matters. */
interface NamedExtension {
  readonly name?: unknown;
  readonly query?: unknown;
}

/**
 * Knows which extensions are downstream of ours.
 *
 * An extension that is registered after ours runs between our hook and the database, on a miss only. It may set a tenant for
 * row-level security, or rewrite a delete to an update, and the cache would neither see nor repeat that on a hit.
 *
 * Prisma calls a hook as a method of the list of all hooks for the operation. That list shows which extensions the calling
 * client has; their names are learned when they are registered.
 */
export class ExtensionOrder {
  readonly #trusts: Trust;
  readonly #names = new WeakMap<object, string>();
  readonly #origins = new WeakMap<object, readonly object[]>();
  /** The functions that are making an extension now. */
  #makers: readonly object[] = [];
  readonly #policies = new WeakMap<object, CachedPolicy>();
  readonly #needs = new WeakMap<object, string>();
  readonly #harmless = new WeakSet<object>();
  /** Prisma keeps one list per client and operation, so each is judged once. */
  readonly #judged = new WeakMap<object, Downstream>();

  constructor(trusts: Trust) {
    this.#trusts = trusts;
  }

  /** Runs `extend`, which calls `maker`: extensions that are registered meanwhile come from it. */
  within<Extended>(maker: object, extend: () => Extended): Extended {
    const before = this.#makers;
    this.#makers = [...before, maker];
    try {
      return extend();
    } finally {
      this.#makers = before;
    }
  }

  /** Called when `extension` is registered. @returns What to register in its place. */
  register(extension: unknown): unknown {
    if (typeof extension !== 'object' || extension === null) return extension;
    const registered = isReplicas(extension) ? toPrimaryAware(extension) : extension;
    const { name, query } = registered as NamedExtension;
    for (const hook of hooksOf(query)) {
      if (registered !== extension) this.#harmless.add(hook);
      if (typeof name === 'string') this.#names.set(hook, name);
      this.#origins.set(hook, [...(this.#origins.get(hook) ?? []), extension, ...this.#makers]);
    }
    return registered;
  }

  /** Makes an extension that carries the policy of `$cached`. */
  policyCarrier(policy: CachedPolicy): Carrier {
    const carrier = carrierNamed('cachetastic: $cached');
    this.#policies.set(carrier.query.$allOperations, policy);
    return carrier;
  }

  /** Makes an extension that carries what computed fields need. */
  needsCarrier(needs: string): Carrier {
    const carrier = carrierNamed('cachetastic: computed fields');
    this.#needs.set(carrier.query.$allOperations, needs);
    return carrier;
  }

  /** @param list - What `hook` was called as a method of. */
  downstream(hook: QueryHook, list: unknown): Downstream {
    if (!Array.isArray(list)) return UNKNOWN;
    const known = this.#judged.get(list);
    if (known !== undefined) return known;
    const judged = this.#judge(hook, list);
    this.#judged.set(list, judged);
    return judged;
  }

  #judge(hook: QueryHook, list: readonly unknown[]): Downstream {
    const position = list.indexOf(hook);
    if (position === -1) return UNKNOWN;
    const untrusted = new Set<string>();
    const hooks: string[] = [];
    const needs: string[] = [];
    let cached: CachedPolicy | undefined;
    for (const other of list.slice(position + 1)) {
      if (typeof other !== 'function') return UNKNOWN;
      const policy = this.#policies.get(other);
      const needed = this.#needs.get(other);
      if (policy !== undefined) cached = nestPolicy(cached, policy);
      else if (needed !== undefined) needs.push(needed);
      else if (!this.#harmless.has(other)) {
        const name = this.#names.get(other) ?? 'unnamed';
        const trust = this.#trusts(name, this.#origins.get(other) ?? []);
        if (trust === false) untrusted.add(name);
        hooks.push(trust === 'by-reference' ? identityOf(other) : `${name} ${digestOf(other)}`);
      }
    }
    return { untrusted: [...untrusted], hooks, cached, needs };
  }
}

function identityOf(hook: object): string {
  const identity = IDENTITIES.get(hook) ?? randomUUID();
  IDENTITIES.set(hook, identity);
  return identity;
}

function digestOf(hook: object): string {
  return createHash('sha256').update(String(hook)).digest('base64url');
}

function carrierNamed(name: string): Carrier {
  return { name, query: { $allOperations: ({ args, query }) => query(args) } };
}

/** Every hook of a `query` component, at its top level and by model. */
function hooksOf(query: unknown): readonly object[] {
  if (typeof query === 'function') return [query];
  if (typeof query !== 'object' || query === null) return [];
  return Object.values(query).flatMap(hooksOf);
}

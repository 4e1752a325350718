import type { ExtensionOrder } from '../extensions/extension-order.js';
import { parseCached } from '../options/cached-policy.js';
import { privateOf } from './prisma-client.js';

/** How many sets of options are remembered per client: a scope per request must not fill the memory. */
const MOST_REMEMBERED = 200;

/** Makes the clients that `$cached` returns: one per client and set of options. */
export class CachedClients {
  readonly #order: ExtensionOrder;
  readonly #extend: (client: unknown, extension: unknown) => unknown;
  readonly #made = new WeakMap<object, Map<string, unknown>>();

  /** @param extend - `$extends` as it was before us. */
  constructor(order: ExtensionOrder, extend: (client: unknown, extension: unknown) => unknown) {
    this.#order = order;
    this.#extend = extend;
  }

  /** `client`, whose reads use the cache as `options` say. Within a transaction: `client` itself. */
  of(client: object, options: unknown): unknown {
    const policy = parseCached(options);
    // Clients of transactions cannot be extended, and their reads are never cached.
    if (typeof privateOf(client, '$extends') !== 'function') return client;
    const made = this.#made.get(client) ?? new Map<string, unknown>();
    this.#made.set(client, made);
    const key = JSON.stringify(options ?? true);
    const known = made.get(key);
    if (known !== undefined) return known;
    const [oldest] = made.keys();
    if (made.size >= MOST_REMEMBERED && oldest !== undefined) made.delete(oldest);
    const cached = this.#extend(client, this.#order.policyCarrier(policy));
    made.set(key, cached);
    return cached;
  }
}

import { parseCachedPolicy } from '@cachetastic/core/adapter';
import type { ExtensionOrder } from '../extensions/extension-order.js';
import { privateOf } from './prisma-client.js';

/** How many sets of options are remembered per client: a scope per request must not fill the memory. */
const MOST_REMEMBERED = 200;

/** Makes the clients that `$cached` returns: one per client and set of options. */
export class CachedClients {
  readonly #order: ExtensionOrder;
  readonly #extend: (client: unknown, extension: unknown) => unknown;
  readonly #clients = new WeakMap<object, Map<string, unknown>>();

  /** @param extend - The client's own `$extends`. */
  constructor(order: ExtensionOrder, extend: (client: unknown, extension: unknown) => unknown) {
    this.#order = order;
    this.#extend = extend;
  }

  /** `client`, whose reads use the cache with `options`. Within a transaction: `client` itself. */
  of(client: object, options: unknown): unknown {
    const policy = parseCachedPolicy(options, 'models');
    // Clients of transactions cannot be extended, and their reads are never cached.
    if (typeof privateOf(client, '$extends') !== 'function') return client;
    const clients = this.#clients.get(client) ?? new Map<string, unknown>();
    this.#clients.set(client, clients);
    const key = JSON.stringify(options ?? true);
    const known = clients.get(key);
    if (known !== undefined) return known;
    const [oldest] = clients.keys();
    if (clients.size >= MOST_REMEMBERED && oldest !== undefined) clients.delete(oldest);
    const cached = this.#extend(client, this.#order.policyCarrier(policy));
    clients.set(key, cached);
    return cached;
  }
}

/* What the extension adds to the types of a client: the methods of models, `$cached` and `$cache`. */
import type { Types } from '@prisma/client/runtime/client';
import type { CachedOptions } from '../options/cache-argument.js';
import type { CacheControl } from './cache-control.js';
import type { ModelMethods, NoTypes } from './model-methods.js';

/**
 * A client of the same type whose every read uses the cache with `options`: the fluent API, `groupBy`, raw SQL.
 * Within a transaction it is that transaction's client, which caches nothing.
 */
export type CachedMethod = <Client>(this: Client, options?: boolean | CachedOptions['ttl'] | CachedOptions) => Client;

/** What a client gains. */
export interface ClientMethods {
  $cached: CachedMethod;
  $cache: CacheControl;
}

/** What `$extends` makes of a client. */
export interface Extended {
  $extends: {
    extArgs: {
      result: NoTypes;
      model: { $allModels: { [Name in keyof ModelMethods]: () => ModelMethods[Name] } };
      query: NoTypes;
      client: { [Name in keyof ClientMethods]: () => ClientMethods[Name] };
    };
  };
}

/**
 * The type of `base.$extends(cachetastic())`, to annotate with: `CachetasticClient<PrismaClient>`, or
 * `CachetasticClient<typeof base>` for a client with options or extensions of its own.
 */
export type CachetasticClient<Base> = Base extends {
  $extends: Types.Extensions.ExtendsHook<'extends', infer Callback, infer Before, infer Models>;
}
  ? ExtendedClient<Callback, Types.Extensions.MergeExtArgs<Models, Before, Extended['$extends']['extArgs']>>
  : never;

/** What `$extends` returns, as Prisma composes it. */
type ExtendedClient<
  Callback extends Types.Extensions.TypeMapCbDef,
  All extends Types.Extensions.InternalArgs,
> = Types.Extensions.DynamicClientExtensionThis<Types.Utils.Call<Callback, { extArgs: All }>, Callback, All>;

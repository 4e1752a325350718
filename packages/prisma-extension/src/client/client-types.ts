/*
 * What the extension adds to the types of a client: a `cache` argument, `$cached` and `$cache`. The methods are composed
 * of the same pieces of Prisma as those that they replace, so results, the fluent API and a global `omit` stay as they are.
 */
import type { Types } from '@prisma/client/runtime/client';
import type { CachedOptions, ReadCacheArgument, WriteCacheOptions } from '../options/cache-argument.js';
import type { CacheControl } from './cache-control.js';

type Nothing = Record<never, never>;
type PrismaPromise<Value> = Types.Public.PrismaPromise<Value>;
type Exact<Given, Allowed> = Types.Public.Exact<Given, Allowed>;
type Args<Delegate, Operation extends Types.Public.Operation> = Types.Public.Args<Delegate, Operation>;
type PayloadOf<Delegate> = Types.Public.Payload<Delegate>;

interface ReadArgument {
  /** How this read may use the cache. */
  cache?: ReadCacheArgument | undefined;
}

interface WriteArgument {
  /** What else this write invalidates. */
  cache?: WriteCacheOptions | undefined;
}

/** The type at `Path` of `Value`, optional properties included. */
type At<Value, Path extends readonly PropertyKey[]> = Path extends readonly [
  infer Head,
  ...infer Tail extends readonly PropertyKey[],
]
  ? Value extends unknown
    ? Head extends keyof Value
      ? At<Value[Head], Tail>
      : never
    : never
  : Value;

type Result<Payload, Given, Operation extends Types.Public.Operation, Omits> = Payload extends Types.Payload
  ? Types.Result.GetResult<Payload, Given, Operation, Omits>
  : never;

/** The payload behind a relation, or nothing to go on from: the fluent API ends at lists. */
type Single<Relation> = NonNullable<Relation> extends readonly unknown[] ? unknown : NonNullable<Relation>;

/** The methods that lead from one row to its relations: `findUnique(…).posts()`. */
type Fluent<Payload, Select, Operation extends Types.Public.Operation, Omits, Null> = Payload extends {
  objects: infer Relations;
}
  ? {
      [Name in keyof Relations]: <Given>(
        args?: Exact<Given, At<Select, [Name]>>,
      ) => PrismaPromise<At<Result<Payload, { select: { [_ in Name]: Given } }, Operation, Omits>, [Name]> | Null> &
        Fluent<
          Single<Relations[Name]>,
          At<Select, [Name, 'select']>,
          Operation,
          Omits,
          Null | Extract<Relations[Name], null>
        >;
    }
  : unknown;

/** The global `omit` of the client that `Delegate` belongs to. */
type OmitsOf<Delegate> =
  Delegate extends Types.Extensions.DynamicModelExtensionThis<
    infer Client,
    infer _Name extends PropertyKey,
    infer _Extensions
  >
    ? Client['globalOmitOptions']
    : Nothing;

type Plain<Delegate, Given, Operation extends Types.Public.Operation> = PrismaPromise<
  Result<PayloadOf<Delegate>, Given, Operation, OmitsOf<Delegate>>
>;

type Row<Delegate, Given, Operation extends Types.Public.Operation, Null> = Plain<Delegate, Given, Operation> &
  Fluent<PayloadOf<Delegate>, At<Args<Delegate, Operation>, ['select']>, Operation, OmitsOf<Delegate>, Null>;

/** The methods of every model. */
export interface ModelMethods {
  findUnique: <T, A>(this: T, args: Exact<A, Args<T, 'findUnique'> & ReadArgument>) => Row<T, A, 'findUnique', null>;
  findUniqueOrThrow: <T, A>(
    this: T,
    args: Exact<A, Args<T, 'findUniqueOrThrow'> & ReadArgument>,
  ) => Row<T, A, 'findUniqueOrThrow', never>;
  findFirst: <T, A>(this: T, args?: Exact<A, Args<T, 'findFirst'> & ReadArgument>) => Row<T, A, 'findFirst', null>;
  findFirstOrThrow: <T, A>(
    this: T,
    args?: Exact<A, Args<T, 'findFirstOrThrow'> & ReadArgument>,
  ) => Row<T, A, 'findFirstOrThrow', never>;
  findMany: <T, A>(this: T, args?: Exact<A, Args<T, 'findMany'> & ReadArgument>) => Plain<T, A, 'findMany'>;
  count: <T, A>(this: T, args?: Exact<A, Args<T, 'count'> & ReadArgument>) => Plain<T, A, 'count'>;
  aggregate: <T, A>(this: T, args: Exact<A, Args<T, 'aggregate'> & ReadArgument>) => Plain<T, A, 'aggregate'>;
  groupBy: <T, A>(this: T, args: Exact<A, Args<T, 'groupBy'> & ReadArgument>) => Plain<T, A, 'groupBy'>;

  create: <T, A>(this: T, args: Exact<A, Args<T, 'create'> & WriteArgument>) => Row<T, A, 'create', never>;
  createMany: <T, A>(this: T, args?: Exact<A, Args<T, 'createMany'> & WriteArgument>) => Plain<T, A, 'createMany'>;
  createManyAndReturn: <T, A>(
    this: T,
    args?: Exact<A, Args<T, 'createManyAndReturn'> & WriteArgument>,
  ) => Plain<T, A, 'createManyAndReturn'>;
  update: <T, A>(this: T, args: Exact<A, Args<T, 'update'> & WriteArgument>) => Row<T, A, 'update', never>;
  updateMany: <T, A>(this: T, args: Exact<A, Args<T, 'updateMany'> & WriteArgument>) => Plain<T, A, 'updateMany'>;
  updateManyAndReturn: <T, A>(
    this: T,
    args: Exact<A, Args<T, 'updateManyAndReturn'> & WriteArgument>,
  ) => Plain<T, A, 'updateManyAndReturn'>;
  upsert: <T, A>(this: T, args: Exact<A, Args<T, 'upsert'> & WriteArgument>) => Row<T, A, 'upsert', never>;
  delete: <T, A>(this: T, args: Exact<A, Args<T, 'delete'> & WriteArgument>) => Row<T, A, 'delete', never>;
  deleteMany: <T, A>(this: T, args?: Exact<A, Args<T, 'deleteMany'> & WriteArgument>) => Plain<T, A, 'deleteMany'>;
}

/** What a client gains. */
export interface ClientMethods {
  /**
   * A client of the same type whose every read uses the cache as `options` say: the fluent API, `groupBy`, raw SQL.
   * Within a transaction it is that transaction's client, which caches nothing.
   */
  $cached: <Client>(this: Client, options?: boolean | CachedOptions['ttl'] | CachedOptions) => Client;
  $cache: CacheControl;
}

/** What `$extends` makes of a client. */
export interface Extended {
  $extends: {
    extArgs: {
      result: Nothing;
      model: { $allModels: { [Name in keyof ModelMethods]: () => ModelMethods[Name] } };
      query: Nothing;
      client: { [Name in keyof ClientMethods]: () => ClientMethods[Name] };
    };
  };
}

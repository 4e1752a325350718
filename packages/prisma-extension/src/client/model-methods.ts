/*
 * The methods of models that take a `cache` argument. They are composed of the same pieces of Prisma as those that they
 * replace, so results, the fluent API and a global `omit` stay as they are.
 *
 * Every type here has a name that `index.ts` exports: an application that emits declarations writes these names down, and
 * could not write down what has none. Interfaces where that is possible, because the compiler prints an alias in full.
 */
import type { Types } from '@prisma/client/runtime/client';
import type { ReadCacheArgument, WriteCacheOptions } from '../options/cache-argument.js';

/** No types: what an extension without a component of that kind adds. */
export type NoTypes = Record<never, never>;

/** What Prisma's methods return. */
export type PrismaPromiseOf<Value> = Types.Public.PrismaPromise<Value>;

/** `Given`, if it has no property that `Allowed` lacks. */
export type ExactArgs<Given, Allowed> = Types.Public.Exact<Given, Allowed>;

/** The arguments of `Name` on a model. */
export type ArgsOf<Delegate, Name extends Types.Public.Operation> = Types.Public.Args<Delegate, Name>;

/** The rows of a model, as Prisma describes them. */
export type PayloadOf<Delegate> = Types.Public.Payload<Delegate>;

/** What every read takes in addition to Prisma's own arguments. */
export interface ReadCaching {
  /** How this read may use the cache. */
  cache?: ReadCacheArgument | undefined;
}

/** What every write takes in addition to Prisma's own arguments. */
export interface WriteCaching {
  /** What else this write invalidates. */
  cache?: WriteCacheOptions | undefined;
}

/** The type at `Path` of `Value`, optional properties included. */
export type TypeAt<Value, Path extends readonly PropertyKey[]> = Path extends readonly [
  infer Head,
  ...infer Tail extends readonly PropertyKey[],
]
  ? Value extends unknown
    ? Head extends keyof Value
      ? TypeAt<Value[Head], Tail>
      : never
    : never
  : Value;

/** The result of an operation for the arguments `Given`, without its promise. */
export type ResultOf<Payload, Given, Operation extends Types.Public.Operation, Omits> = Payload extends Types.Payload
  ? Types.Result.GetResult<Payload, Given, Operation, Omits>
  : never;

/** The payload of a relation to one row; `unknown` for a list, at which the fluent API ends. */
export type OneRelated<Relation> = NonNullable<Relation> extends readonly unknown[] ? unknown : NonNullable<Relation>;

/** The methods that lead from one row to its relations: `findUnique(…).posts()`. */
export type FluentRelations<Payload, Select, Operation extends Types.Public.Operation, Omits, Null> = Payload extends {
  objects: infer Relations;
}
  ? {
      [Name in keyof Relations]: <Given>(
        args?: ExactArgs<Given, TypeAt<Select, [Name]>>,
      ) => PrismaPromiseOf<
        TypeAt<ResultOf<Payload, { select: { [_ in Name]: Given } }, Operation, Omits>, [Name]> | Null
      > &
        FluentRelations<
          OneRelated<Relations[Name]>,
          TypeAt<Select, [Name, 'select']>,
          Operation,
          Omits,
          Null | Extract<Relations[Name], null>
        >;
    }
  : unknown;

/** The global `omit` of the client that `Delegate` belongs to. */
export type GlobalOmitOf<Delegate> =
  Delegate extends Types.Extensions.DynamicModelExtensionThis<
    infer Client,
    infer _Name extends PropertyKey,
    infer _Extensions
  >
    ? Client['globalOmitOptions']
    : NoTypes;

/** What a method returns that has no fluent API. */
export type PlainResult<Delegate, Given, Operation extends Types.Public.Operation> = PrismaPromiseOf<
  ResultOf<PayloadOf<Delegate>, Given, Operation, GlobalOmitOf<Delegate>>
>;

/** What a method returns whose result is one row: a promise with the methods of the fluent API. */
export type RowResult<Delegate, Given, Operation extends Types.Public.Operation, Null> = PlainResult<
  Delegate,
  Given,
  Operation
> &
  FluentRelations<
    PayloadOf<Delegate>,
    TypeAt<ArgsOf<Delegate, Operation>, ['select']>,
    Operation,
    GlobalOmitOf<Delegate>,
    Null
  >;

/** `findUnique` of every model. */
export type FindUniqueMethod = <T, A>(
  this: T,
  args: ExactArgs<A, ArgsOf<T, 'findUnique'> & ReadCaching>,
) => RowResult<T, A, 'findUnique', null>;

/** `findUniqueOrThrow` of every model. */
export type FindUniqueOrThrowMethod = <T, A>(
  this: T,
  args: ExactArgs<A, ArgsOf<T, 'findUniqueOrThrow'> & ReadCaching>,
) => RowResult<T, A, 'findUniqueOrThrow', never>;

/** `findFirst` of every model. */
export type FindFirstMethod = <T, A>(
  this: T,
  args?: ExactArgs<A, ArgsOf<T, 'findFirst'> & ReadCaching>,
) => RowResult<T, A, 'findFirst', null>;

/** `findFirstOrThrow` of every model. */
export type FindFirstOrThrowMethod = <T, A>(
  this: T,
  args?: ExactArgs<A, ArgsOf<T, 'findFirstOrThrow'> & ReadCaching>,
) => RowResult<T, A, 'findFirstOrThrow', never>;

/** `findMany` of every model. */
export type FindManyMethod = <T, A>(
  this: T,
  args?: ExactArgs<A, ArgsOf<T, 'findMany'> & ReadCaching>,
) => PlainResult<T, A, 'findMany'>;

/** `count` of every model. */
export type CountMethod = <T, A>(
  this: T,
  args?: ExactArgs<A, ArgsOf<T, 'count'> & ReadCaching>,
) => PlainResult<T, A, 'count'>;

/** `aggregate` of every model. */
export type AggregateMethod = <T, A>(
  this: T,
  args: ExactArgs<A, ArgsOf<T, 'aggregate'> & ReadCaching>,
) => PlainResult<T, A, 'aggregate'>;

/** `groupBy` of every model. */
export type GroupByMethod = <T, A>(
  this: T,
  args: ExactArgs<A, ArgsOf<T, 'groupBy'> & ReadCaching>,
) => PlainResult<T, A, 'groupBy'>;

/** `create` of every model. */
export type CreateMethod = <T, A>(
  this: T,
  args: ExactArgs<A, ArgsOf<T, 'create'> & WriteCaching>,
) => RowResult<T, A, 'create', never>;

/** `createMany` of every model. */
export type CreateManyMethod = <T, A>(
  this: T,
  args?: ExactArgs<A, ArgsOf<T, 'createMany'> & WriteCaching>,
) => PlainResult<T, A, 'createMany'>;

/** `createManyAndReturn` of every model. */
export type CreateManyAndReturnMethod = <T, A>(
  this: T,
  args?: ExactArgs<A, ArgsOf<T, 'createManyAndReturn'> & WriteCaching>,
) => PlainResult<T, A, 'createManyAndReturn'>;

/** `update` of every model. */
export type UpdateMethod = <T, A>(
  this: T,
  args: ExactArgs<A, ArgsOf<T, 'update'> & WriteCaching>,
) => RowResult<T, A, 'update', never>;

/** `updateMany` of every model. */
export type UpdateManyMethod = <T, A>(
  this: T,
  args: ExactArgs<A, ArgsOf<T, 'updateMany'> & WriteCaching>,
) => PlainResult<T, A, 'updateMany'>;

/** `updateManyAndReturn` of every model. */
export type UpdateManyAndReturnMethod = <T, A>(
  this: T,
  args: ExactArgs<A, ArgsOf<T, 'updateManyAndReturn'> & WriteCaching>,
) => PlainResult<T, A, 'updateManyAndReturn'>;

/** `upsert` of every model. */
export type UpsertMethod = <T, A>(
  this: T,
  args: ExactArgs<A, ArgsOf<T, 'upsert'> & WriteCaching>,
) => RowResult<T, A, 'upsert', never>;

/** `delete` of every model. */
export type DeleteMethod = <T, A>(
  this: T,
  args: ExactArgs<A, ArgsOf<T, 'delete'> & WriteCaching>,
) => RowResult<T, A, 'delete', never>;

/** `deleteMany` of every model. */
export type DeleteManyMethod = <T, A>(
  this: T,
  args?: ExactArgs<A, ArgsOf<T, 'deleteMany'> & WriteCaching>,
) => PlainResult<T, A, 'deleteMany'>;

/** The methods of every model. */
export interface ModelMethods {
  findUnique: FindUniqueMethod;
  findUniqueOrThrow: FindUniqueOrThrowMethod;
  findFirst: FindFirstMethod;
  findFirstOrThrow: FindFirstOrThrowMethod;
  findMany: FindManyMethod;
  count: CountMethod;
  aggregate: AggregateMethod;
  groupBy: GroupByMethod;
  create: CreateMethod;
  createMany: CreateManyMethod;
  createManyAndReturn: CreateManyAndReturnMethod;
  update: UpdateMethod;
  updateMany: UpdateManyMethod;
  updateManyAndReturn: UpdateManyAndReturnMethod;
  upsert: UpsertMethod;
  delete: DeleteMethod;
  deleteMany: DeleteManyMethod;
}

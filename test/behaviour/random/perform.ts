import type { CacheControl } from '@cachetastic/prisma-extension';
import { rawArguments } from './raw-writes.js';
import type { RandomRead } from './reads.js';
import type { Args } from './shape.js';
import type { ModelWrite, RandomWrite } from './writes.js';

type Method = (args?: unknown) => PromiseLike<unknown>;
type Transaction = (work: unknown) => Promise<unknown>;

/** Any client of the shape, or of a transaction on one: random arguments have no static type. */
export interface AnyClient {
  readonly $transaction: Transaction;
}

/** `client`, for random arguments. */
export function anyClient(client: object): AnyClient {
  return client as AnyClient;
}

/** {@link AnyClient}, with the extension. */
export interface AnyCachedClient extends AnyClient {
  $cached(options: { readonly ttl: string }): AnyClient;
  readonly $cache: CacheControl;
}

/** `client`, for random arguments. */
export function anyCachedClient(client: object): AnyCachedClient {
  return client as AnyCachedClient;
}

function method(client: AnyClient, model: string, operation: string): Method {
  const delegates = client as unknown as Readonly<Record<string, Readonly<Record<string, Method>>>>;
  const found = delegates[model]?.[operation];
  if (found === undefined) throw new Error(`no operation ${model}.${operation}`);
  return found;
}

/** Asks `client` a read. */
export function ask(client: AnyClient, { model, operation, args, fluent }: RandomRead): PromiseLike<unknown> {
  const asked = method(client, model, operation)(args);
  if (fluent === undefined) return asked;
  const relation = (asked as unknown as Readonly<Record<string, (args: Args) => PromiseLike<unknown>>>)[
    fluent.relation
  ];
  if (relation === undefined) throw new Error(`no relation ${fluent.relation}`);
  return relation.call(asked, fluent.args);
}

class Deliberate extends Error {}

/** Runs a write with `client`. @returns What it answered. */
export async function perform(client: AnyClient, write: RandomWrite): Promise<unknown> {
  switch (write.kind) {
    case 'model':
    case 'raw':
      return single(client, write);
    case 'batch':
      return client.$transaction(write.writes.map((one) => single(client, one)));
    case 'transaction':
      return client.$transaction(async (inside: AnyClient) => {
        for (const one of write.writes) {
          try {
            await perform(inside, one);
          } catch (error) {
            if (!write.goesOn) throw error;
          }
        }
        if (write.fails) throw new Deliberate('rolled back on purpose');
      });
  }
}

function single(client: AnyClient, write: ModelWrite | Extract<RandomWrite, { kind: 'raw' }>): PromiseLike<unknown> {
  if (write.kind === 'model') return method(client, write.model, write.operation)(write.args);
  const raw = client as unknown as Readonly<Record<string, (...args: readonly unknown[]) => PromiseLike<unknown>>>;
  const run = raw[write.method];
  if (run === undefined) throw new Error(`no method ${write.method}`);
  return run.call(client, ...rawArguments(write.method, write.sql));
}

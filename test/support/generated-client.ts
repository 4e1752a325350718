import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CacheControl } from '@cachetastic/prisma-extension';

/** Any read of a model: arguments that Prisma's types refuse are what these clients are for. */
export type Operation = (args?: unknown) => PromiseLike<unknown>;

/** A client by its shape. */
export interface UntypedClient {
  readonly [model: string]: Readonly<Record<string, Operation>>;
}

/** What every client has in addition to its models. */
export interface ClientMethods {
  $extends<Extended>(extension: (client: unknown) => Extended): UntypedClient & ClientMethods & CachedMethods;
  $on(event: 'query', listener: (event: { readonly query: string }) => void): void;
  $disconnect(): Promise<void>;
  $executeRaw(sql: object): Promise<number>;
  $queryRaw(sql: object): Promise<unknown>;
  $transaction<Value>(work: (transaction: UntypedClient & ClientMethods) => Promise<Value>): Promise<Value>;
}

/** What a client has that the extension made. */
export interface CachedMethods {
  readonly $cache: CacheControl;
  $cached(options: number | { readonly ttl: number }): UntypedClient;
}

/** What Prisma generates for one schema. */
export interface GeneratedClient {
  readonly PrismaClient: new (options: object) => UntypedClient & ClientMethods;
  readonly Prisma: { readonly skip: unknown; readonly Decimal: new (text: string) => { valueOf(): string } };
}

/** The client of test/fixtures/`name`, generated if `npm test` has not done it yet. */
export async function generatedClient(name: string): Promise<GeneratedClient> {
  const client = new URL(`../fixtures/${name}/generated/client/client.ts`, import.meta.url);
  if (!existsSync(client))
    execFileSync(process.execPath, [fileURLToPath(new URL('../../scripts/prepare.mjs', import.meta.url))]);
  return (await import(/* @vite-ignore */ client.href)) as GeneratedClient;
}

/** The tables of test/fixtures/`name`, in SQL. */
export function fixtureTables(name: string): string {
  return readFileSync(new URL(`../fixtures/${name}/schema.sql`, import.meta.url), 'utf8');
}

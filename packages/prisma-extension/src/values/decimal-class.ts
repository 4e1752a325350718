import { privateOf } from '../client/prisma-client.js';
import { type DecimalClass, decimalClassOf } from './value-types.js';

/** Where Prisma 7, then Prisma 6, keep the classes of values. */
const RUNTIMES = ['@prisma/client/runtime/client', '@prisma/client/runtime/library'];

/**
 * The class of the decimals of `client`: that of `seen`, a decimal from one of its results, else that of the installed runtime.
 *
 * Without it, results with decimals are not cached.
 */
export async function findDecimalClass(client: unknown, seen: unknown): Promise<DecimalClass | undefined> {
  const known = decimalClassOf(seen);
  if (known !== undefined) return known;
  // A project may have two versions of Prisma, each with classes of its own.
  const installed = privateOf(await load('@prisma/client/extension'), 'Prisma', 'prismaVersion', 'client');
  if (installed === undefined || installed !== privateOf(client, '_clientVersion')) return undefined;
  for (const runtime of RUNTIMES) {
    const Decimal = privateOf(await load(runtime), 'Decimal');
    if (typeof Decimal === 'function') return Decimal as DecimalClass;
  }
  return undefined;
}

/** The module, or `undefined` if this version of Prisma does not have it. */
function load(module: string): Promise<unknown> {
  return import(module).catch(() => undefined);
}

import type { PrismaClient } from '../../support/blog.js';

/** A mutation that changes what at least one read of the catalogue answers. */
export interface Write {
  readonly name: string;
  /** Reads that must survive, because the arguments of read and write say so. */
  readonly spares?: readonly string[];
  run(db: PrismaClient): Promise<unknown>;
}

/** Collects the writes of one file. */
export function catalogue(): {
  readonly writes: Write[];
  write(name: string, run: (db: PrismaClient) => PromiseLike<unknown>, spares?: readonly string[]): void;
} {
  const writes: Write[] = [];
  return {
    writes,
    write(name, run, spares) {
      writes.push({ name, run: async (db) => run(db), ...(spares === undefined ? {} : { spares }) });
    },
  };
}

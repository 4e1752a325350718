import type { SqlDriverAdapterFactory } from '@prisma/client/runtime/client';
import type { Line } from '../second-process/line.js';

type Adapter = Awaited<ReturnType<SqlDriverAdapterFactory['connect']>>;
type Query = Parameters<Adapter['queryRaw']>[0];

/** Runs the statements that come over `line`. */
export async function lend(line: Line, factory: SqlDriverAdapterFactory): Promise<void> {
  const adapter = await factory.connect();
  line.answer('query', (query: Query) => adapter.queryRaw(query));
  line.answer('execute', (query: Query) => adapter.executeRaw(query));
}

/** A driver adapter that has the process at the other end of `line` run its statements. It reads; it has no transactions. */
export function borrowed(line: Line): SqlDriverAdapterFactory {
  const named = { provider: 'postgres', adapterName: 'example-borrowed' } as const;
  const unsupported = async (): Promise<never> => {
    throw new Error('The second process only reads.');
  };
  return {
    ...named,
    connect: async () => ({
      ...named,
      queryRaw: (query) => line.ask('query', query),
      executeRaw: (query) => line.ask('execute', query),
      executeScript: unsupported,
      startTransaction: unsupported,
      getConnectionInfo: () => ({ supportsRelationJoins: true }),
      dispose: async () => {},
    }),
  };
}

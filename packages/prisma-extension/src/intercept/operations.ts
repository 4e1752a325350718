/** Whether an operation reads, writes, runs SQL, or is unknown. */
export type OperationKind = 'read' | 'write' | 'query-raw' | 'execute-raw' | 'unknown';

const KINDS: Readonly<Record<Exclude<OperationKind, 'unknown'>, readonly string[]>> = {
  read: [
    'findUnique',
    'findUniqueOrThrow',
    'findFirst',
    'findFirstOrThrow',
    'findMany',
    'count',
    'aggregate',
    'groupBy',
  ],
  write: [
    'create',
    'createMany',
    'createManyAndReturn',
    'update',
    'updateMany',
    'updateManyAndReturn',
    'upsert',
    'delete',
    'deleteMany',
  ],
  'query-raw': ['$queryRaw', '$queryRawUnsafe', '$queryRawTyped'],
  'execute-raw': ['$executeRaw', '$executeRawUnsafe'],
};

const KIND_OF: ReadonlyMap<string, OperationKind> = new Map(
  Object.entries(KINDS).flatMap(([kind, operations]) =>
    operations.map((operation) => [operation, kind as OperationKind]),
  ),
);

export function kindOf(operation: string): OperationKind {
  return KIND_OF.get(operation) ?? 'unknown';
}

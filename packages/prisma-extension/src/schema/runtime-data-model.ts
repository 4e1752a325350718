/** One field of the client's own data model. */
export interface RuntimeField {
  readonly name: string;
  readonly kind: string;
  readonly type: string;
  readonly relationName?: string | undefined;
  readonly dbName?: string | null | undefined;
}

export interface RuntimeModel {
  readonly dbName?: string | null | undefined;
  readonly schema?: string | null | undefined;
  readonly fields: readonly RuntimeField[];
}

/** What a client knows of its schema while it runs. Private to Prisma, so every part is looked at before it is believed. */
export interface ClientInternals {
  readonly models: ReadonlyMap<string, RuntimeModel> | undefined;
  readonly schemaText: string | undefined;
  readonly provider: string | undefined;
}

/** Takes what `client` knows of its schema out of its private fields. */
export function clientInternals(client: unknown): ClientInternals {
  const engine = property(client, '_engineConfig');
  const schemaText = property(engine, 'inlineSchema');
  const provider = property(engine, 'activeProvider');
  return {
    models: runtimeModels(property(property(client, '_runtimeDataModel'), 'models')),
    schemaText: typeof schemaText === 'string' && schemaText !== '' ? schemaText : undefined,
    provider: typeof provider === 'string' ? provider : undefined,
  };
}

function runtimeModels(input: unknown): ReadonlyMap<string, RuntimeModel> | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const entries = Object.entries(input);
  return entries.every((entry): entry is [string, RuntimeModel] => isRuntimeModel(entry[1]))
    ? new Map(entries)
    : undefined;
}

function isRuntimeModel(input: unknown): input is RuntimeModel {
  const fields = property(input, 'fields');
  return (
    isName(property(input, 'dbName')) &&
    isName(property(input, 'schema')) &&
    Array.isArray(fields) &&
    fields.every(isRuntimeField)
  );
}

function isRuntimeField(input: unknown): input is RuntimeField {
  return (
    typeof property(input, 'name') === 'string' &&
    typeof property(input, 'kind') === 'string' &&
    typeof property(input, 'type') === 'string' &&
    isName(property(input, 'dbName')) &&
    isName(property(input, 'relationName'))
  );
}

function isName(input: unknown): boolean {
  return input === undefined || input === null || typeof input === 'string';
}

function property(holder: unknown, name: string): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : undefined;
}

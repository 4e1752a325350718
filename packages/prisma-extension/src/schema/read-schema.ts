import { createHash } from 'node:crypto';
import { type Schema, type SchemaParts, withStoredNames } from '@cachetastic/core/sql';
import { modelsOfRuntime } from './models-of-runtime.js';
import { modelsOfText } from './models-of-text.js';
import { type ClientInternals, clientInternals } from './runtime-data-model.js';
import { parseSchemaText, SchemaTextError } from './schema-text.js';

/**
 * Reads the schema of `client`.
 *
 * The client's own data model shows which models and fields exist; the source of the schema adds keys, foreign keys and cascades.
 * Both are private to Prisma. Where the source is missing or contradicts the model, the schema is `degraded`: its models are
 * known, its keys and cascades are not. Where there is no model at all, it has no models, and nothing can be cached.
 */
export function readSchema(client: unknown): Schema {
  return schemaOf(clientInternals(client));
}

/** What Prisma calls the columns of the table of an implicit relation. */
const JOIN_COLUMNS = ['A', 'B'];

export function schemaOf(internals: ClientInternals): Schema {
  const { parts, degraded } = partsOf(internals);
  return withStoredNames({
    ...parts,
    joinColumns: JOIN_COLUMNS,
    provider: internals.provider,
    degraded,
    fingerprint: fingerprint(internals),
  });
}

function partsOf({ models, schemaText, provider }: ClientInternals): {
  readonly parts: SchemaParts;
  readonly degraded: string | undefined;
} {
  if (models === undefined)
    return { parts: modelsOfRuntime(new Map()), degraded: 'schema-unreadable: the client has no data model' };
  if (schemaText === undefined)
    return { parts: modelsOfRuntime(models), degraded: 'schema-degraded: the client has no schema text' };
  try {
    return { parts: modelsOfText(parseSchemaText(schemaText), { models, provider }), degraded: undefined };
  } catch (error) {
    if (!(error instanceof SchemaTextError)) throw error;
    return { parts: modelsOfRuntime(models), degraded: `schema-degraded: ${error.message}` };
  }
}

function fingerprint({ models, schemaText, provider }: ClientInternals): string {
  const text = schemaText ?? JSON.stringify([...(models ?? [])]);
  return createHash('sha256')
    .update(`${provider ?? ''}\n${text}`)
    .digest('base64url')
    .slice(0, 22);
}

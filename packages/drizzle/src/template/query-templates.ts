import type { BuiltQuery } from '../drizzle/database.js';
import type { QueryShape } from './query-shape.js';
import { templated } from './templated-query.js';

/** How many shapes are remembered. Applications have few; those that make endless ones must not fill the memory. */
const MOST_TEMPLATES = 1_000;

/** The text of all queries of one shape. */
interface Template {
  readonly sql: string;
  readonly typings: BuiltQuery['typings'];
  /** What the parameters were when the first query of this shape was built: some are the same in all of them. */
  readonly first: readonly unknown[];
  /** For each parameter, where it may come from: the values of the shape, and behind them those of `first`. */
  readonly sources: readonly (readonly number[])[];
  /** What besides its SQL Drizzle made of it. */
  readonly rest: object | undefined;
}

/** What Drizzle would make of a query. */
export interface Written {
  readonly built: BuiltQuery;
  readonly rest: object | undefined;
}

/**
 * Remembers what Drizzle made of queries, and makes the same of others of their shape.
 *
 * Which value became which parameter is learned from what Drizzle built. As long as a parameter may have come from
 * several places, a query is only answered from here if the same stands in all of them.
 */
export class QueryTemplates {
  readonly #known = new Map<string, Template | 'unlike'>();

  /**
   * @returns What Drizzle would build, or `undefined` if only Drizzle can say.
   * @throws Whatever an encoder throws, as it would when Drizzle builds the query.
   */
  build(shape: QueryShape): Written | undefined {
    const template = this.#known.get(shape.text);
    if (template === undefined || template === 'unlike') return undefined;
    const values = encoded(shape);
    if (values === undefined) return undefined;
    const { sql, typings, first, rest } = template;
    const valueAt = (source: number): unknown =>
      source < values.length ? values[source] : first[source - values.length];
    const params: unknown[] = [];
    for (const sources of template.sources) {
      const value = valueAt(sources[0] as number);
      for (const source of sources) if (!Object.is(valueAt(source), value)) return undefined;
      params.push(value);
    }
    const query = typings === undefined ? { sql, params } : { sql, params, typings: [...typings] };
    return { built: templated(query, shape.ownDecoders ? template : undefined), rest };
  }

  /** Learns from what Drizzle built. */
  learn(shape: QueryShape, built: BuiltQuery, rest?: object): void {
    const known = this.#known.get(shape.text);
    if (known === 'unlike') return;
    const learned = known === undefined ? begun(shape, built, rest) : narrowed(known, shape, built);
    if (known === undefined && this.#known.size >= MOST_TEMPLATES) this.#known.clear();
    this.#known.set(shape.text, learned ?? 'unlike');
  }
}

/** What the first query of a shape teaches. */
function begun(
  shape: QueryShape,
  { sql, params, typings }: BuiltQuery,
  rest: object | undefined,
): Template | undefined {
  const { length } = shape.values;
  const anywhere = shape.values.map((_, source) => source);
  const sources = params.map((_, index) => [...anywhere, length + index]);
  return narrowed({ sql, typings, first: params, sources, rest }, shape, { sql, params });
}

/** What another one teaches; `undefined` if it is not of the same making. */
function narrowed(template: Template, shape: QueryShape, { sql, params }: BuiltQuery): Template | undefined {
  const values = encoded(shape);
  if (values === undefined || sql !== template.sql || params.length !== template.sources.length) return undefined;
  const all = [...values, ...template.first];
  const sources = template.sources.map((candidates, index) =>
    candidates.filter((source) => Object.is(all[source], params[index])),
  );
  // A value that became no parameter may have become a part of the text.
  const used = new Set(sources.flat());
  const lost = values.some((_, source) => !used.has(source)) || sources.some(({ length }) => length === 0);
  return lost ? undefined : { ...template, sources };
}

/** The values as a driver gets them; `undefined` if one of them becomes SQL. */
function encoded({ values }: QueryShape): readonly unknown[] | undefined {
  const found: unknown[] = [];
  for (const { value, encoder } of values) {
    const mapped = encoder === undefined || value === null ? value : encoder.mapToDriverValue(value);
    if (typeof mapped === 'object' && mapped !== null && 'queryChunks' in mapped) return undefined;
    found.push(mapped);
  }
  return found;
}

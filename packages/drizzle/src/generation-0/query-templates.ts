import type { BuiltQuery } from '../objects/database.js';
import type { QueryShape } from './query-shape.js';
import { templated } from './templated-query.js';

/** How many shapes are remembered. Applications have few; those that make endless ones must not fill the memory. */
const MOST_TEMPLATES = 1_000;

/** The text of all queries of one shape. */
interface Template {
  readonly sql: string;
  readonly typings: BuiltQuery['typings'];
  readonly origins: readonly Origin[];
  /** For each parameter, which of the origins it has. */
  readonly params: readonly number[];
  /** What besides its SQL Drizzle made of it. */
  readonly rest: object | undefined;
}

/** Where parameters may come from that were equal to each other in every query so far. */
interface Origin {
  /** The values of the shape that were equal to them. */
  readonly places: readonly number[];
  /** What they were in all queries. */
  readonly constant: { readonly value: unknown } | undefined;
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
    const { sql, typings, origins, rest } = template;
    const found: unknown[] = [];
    for (const { places, constant } of origins) {
      const value = constant === undefined ? values[places[0] as number] : constant.value;
      for (const place of places) if (!Object.is(values[place], value)) return undefined;
      found.push(value);
    }
    const params = template.params.map((origin) => found[origin]);
    const query = typings === undefined ? { sql, params } : { sql, params, typings: [...typings] };
    return { built: templated(query, shape.ownDecoders ? template : undefined), rest };
  }

  /** Learns from what Drizzle built. */
  learn(shape: QueryShape, built: BuiltQuery, rest?: object): void {
    const known = this.#known.get(shape.text);
    if (known === 'unlike') return;
    const learned = narrowed(known ?? anything(shape, built, rest), shape, built);
    if (known === undefined && this.#known.size >= MOST_TEMPLATES) this.#known.clear();
    this.#known.set(shape.text, learned ?? 'unlike');
  }
}

/** What is known before the first query of a shape is looked at: any parameter may come from anywhere. */
function anything({ values }: QueryShape, { sql, params, typings }: BuiltQuery, rest: object | undefined): Template {
  const places = values.map((_, place) => place);
  const origins = params.map((value) => ({ places, constant: { value } }));
  return { sql, typings, origins, params: params.map((_, index) => index), rest };
}

/** What another one teaches; `undefined` if it is not of the same making. */
function narrowed(template: Template, shape: QueryShape, { sql, params }: BuiltQuery): Template | undefined {
  const values = encodedAgain(shape);
  if (values === undefined || sql !== template.sql || params.length !== template.params.length) return undefined;
  const narrower: Origin[] = [];
  const parts = new Map<readonly number[], Parts>();
  const origins = params.map((value, index) => {
    const { places, constant } = template.origins[template.params[index] as number] as Origin;
    let parted = parts.get(places);
    if (parted === undefined) {
      parted = partsOf(places, values);
      parts.set(places, parted);
    }
    // Those that had one origin and are equal this time have one still: what is kept of a long list is no square.
    const part = parted.get(keyOf(value)) ?? { places: [], origin: undefined };
    parted.set(keyOf(value), part);
    const same = constant !== undefined && Object.is(constant.value, value);
    part.origin ??= narrower.push({ places: part.places, constant: same ? constant : undefined }) - 1;
    return part.origin;
  });
  // A value that became no parameter may have become a part of the text.
  const used = new Set(narrower.flatMap(({ places }) => places));
  const lost = used.size < values.length || narrower.some((origin) => comesFromNowhere(origin));
  return lost ? undefined : { ...template, origins: narrower, params: origins };
}

/** The places of one origin by what stands there this time, each with the origin that it is from now on. */
type Parts = Map<unknown, { readonly places: number[]; origin: number | undefined }>;

function partsOf(places: readonly number[], values: readonly unknown[]): Parts {
  const parts: Parts = new Map();
  for (const place of places) {
    const key = keyOf(values[place]);
    const part = parts.get(key);
    if (part === undefined) parts.set(key, { places: [place], origin: undefined });
    else part.places.push(place);
  }
  return parts;
}

const NEGATIVE_ZERO = Symbol('-0');

/** What is the same for the same values only, in a map too. */
function keyOf(value: unknown): unknown {
  return Object.is(value, -0) ? NEGATIVE_ZERO : value;
}

function comesFromNowhere({ places, constant }: Origin): boolean {
  return places.length === 0 && constant === undefined;
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

/** The same for a query that Drizzle has built already: an encoder that works once only is no reason to fail it. */
function encodedAgain(shape: QueryShape): readonly unknown[] | undefined {
  try {
    return encoded(shape);
  } catch {
    return undefined;
  }
}

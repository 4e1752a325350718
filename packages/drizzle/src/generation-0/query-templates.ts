import type { BuiltQuery } from '../objects/database.js';
import type { QueryShape } from './query-shape.js';
import { templated } from './templated-query.js';

/** The most templates kept. Applications have few shapes; one that makes endless shapes must not fill the memory. */
const MOST_TEMPLATES = 1_000;

/** The SQL of all queries of one shape. */
interface Template {
  readonly sql: string;
  readonly typings: BuiltQuery['typings'];
  readonly origins: readonly Origin[];
  /** For each parameter, the index of its origin. */
  readonly params: readonly number[];
  /** What Drizzle built beside the SQL. */
  readonly rest: object | undefined;
}

/** Where those parameters may come from that have been equal to each other in every query so far. */
interface Origin {
  /** The values of the shape that have been equal to them. */
  readonly places: readonly number[];
  /** Their value, if it has been the same in all queries. */
  readonly constant: { readonly value: unknown } | undefined;
}

/** What Drizzle would build. */
export interface Written {
  readonly built: BuiltQuery;
  readonly rest: object | undefined;
}

/**
 * Writes queries as Drizzle wrote earlier ones of the same shape.
 *
 * It learns from what Drizzle built which value becomes which parameter. While a parameter may come from several places, a
 * query is written here only if all of them have the same value.
 */
export class QueryTemplates {
  readonly #known = new Map<string, Template | 'unlike'>();

  /**
   * @returns What Drizzle would build; `undefined` if that is not certain.
   * @throws The error of an encoder, as Drizzle would.
   */
  build(shape: QueryShape): Written | undefined {
    const template = this.#known.get(shape.text);
    if (template === undefined || template === 'unlike') return undefined;
    const values = encoded(shape);
    if (values === undefined) return undefined;
    const { sql, typings, origins, rest } = template;
    const ofOrigins: unknown[] = [];
    for (const { places, constant } of origins) {
      const value = constant === undefined ? values[places[0] as number] : constant.value;
      for (const place of places) if (!Object.is(values[place], value)) return undefined;
      ofOrigins.push(value);
    }
    const params = template.params.map((origin) => ofOrigins[origin]);
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

/** The template before the first query of a shape: every parameter may come from everywhere. */
function anything({ values }: QueryShape, { sql, params, typings }: BuiltQuery, rest: object | undefined): Template {
  const places = values.map((_, place) => place);
  const origins = params.map((value) => ({ places, constant: { value } }));
  return { sql, typings, origins, params: params.map((_, index) => index), rest };
}

/** The template after one more query; `undefined` if that was built in another way. */
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
    // Parameters of one origin that are equal again keep a common origin, so that a long list does not cost its square.
    const part = parted.get(keyOf(value)) ?? { places: [], origin: undefined };
    parted.set(keyOf(value), part);
    const same = constant !== undefined && Object.is(constant.value, value);
    part.origin ??= narrower.push({ places: part.places, constant: same ? constant : undefined }) - 1;
    return part.origin;
  });
  // A value that became no parameter may have become a part of the SQL.
  const used = new Set(narrower.flatMap(({ places }) => places));
  const lost = used.size < values.length || narrower.some((origin) => comesFromNowhere(origin));
  return lost ? undefined : { ...template, origins: narrower, params: origins };
}

/** The places of one origin by their present value, each with its new origin. */
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

/** A key that is the same for the same values only, -0 and 0 apart. */
function keyOf(value: unknown): unknown {
  return Object.is(value, -0) ? NEGATIVE_ZERO : value;
}

function comesFromNowhere({ places, constant }: Origin): boolean {
  return places.length === 0 && constant === undefined;
}

/** The values as the driver gets them; `undefined` if one of them becomes SQL. */
function encoded({ values }: QueryShape): readonly unknown[] | undefined {
  const forDriver: unknown[] = [];
  for (const { value, encoder } of values) {
    const mapped = encoder === undefined || value === null ? value : encoder.mapToDriverValue(value);
    if (typeof mapped === 'object' && mapped !== null && 'queryChunks' in mapped) return undefined;
    forDriver.push(mapped);
  }
  return forDriver;
}

/** As {@link encoded}, for a query that Drizzle has built already, which an encoder that fails the second time must not fail. */
function encodedAgain(shape: QueryShape): readonly unknown[] | undefined {
  try {
    return encoded(shape);
  } catch {
    return undefined;
  }
}

import type { Attribute, AttributeCall, AttributeValue } from './schema-text.js';

/** The attribute called `name`, if there is one. */
export function attribute(attributes: readonly Attribute[], name: string): Attribute | undefined {
  return attributes.find((candidate) => candidate.name === name);
}

/** The first of the arguments called `keys` that the attribute has. */
export function value(
  attributes: readonly Attribute[],
  name: string,
  ...keys: readonly string[]
): AttributeValue | undefined {
  const values = attribute(attributes, name)?.values;
  for (const key of keys) {
    const found = values?.get(key);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `given`, if it is a single text. */
export function textOf(given: AttributeValue | undefined): string | undefined {
  return typeof given === 'string' ? given : undefined;
}

/** `given`, if it is a call. */
export function callOf(given: AttributeValue | undefined): AttributeCall | undefined {
  return given === undefined || typeof given === 'string' || isList(given) ? undefined : given;
}

/** A list of field names, without settings such as `(sort: Desc)`. */
export function wordsOf(given: AttributeValue | undefined): readonly string[] | undefined {
  if (given === undefined || !isList(given)) return undefined;
  const words = given.map((word) => textOf(word) ?? callOf(word)?.name).filter((word) => word !== undefined);
  return words.length === given.length ? words : undefined;
}

// `Array.isArray` does not narrow readonly arrays.
function isList(given: AttributeValue): given is readonly AttributeValue[] {
  return Array.isArray(given);
}

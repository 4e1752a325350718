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

/** `input`, if it is a single string. */
export function textOf(input: AttributeValue | undefined): string | undefined {
  return typeof input === 'string' ? input : undefined;
}

/** `input`, if it is a call. */
export function callOf(input: AttributeValue | undefined): AttributeCall | undefined {
  return input === undefined || typeof input === 'string' || isList(input) ? undefined : input;
}

/** A list of field names, without settings such as `(sort: Desc)`. */
export function wordsOf(input: AttributeValue | undefined): readonly string[] | undefined {
  if (input === undefined || !isList(input)) return undefined;
  const words = input.map((word) => textOf(word) ?? callOf(word)?.name).filter((word) => word !== undefined);
  return words.length === input.length ? words : undefined;
}

// `Array.isArray` does not narrow readonly arrays.
function isList(input: AttributeValue): input is readonly AttributeValue[] {
  return Array.isArray(input);
}

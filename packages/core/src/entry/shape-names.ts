const STRING = 16;

/** How many characters of names are remembered, so that memory does not follow the number of shapes ever seen. */
const MOST_CHARACTERS = 2 ** 18;
/** What V8 keeps for each property of a shape in addition to its name: a descriptor, a map, the way from one map to the next. */
const PROPERTY = 120;

/**
 * Holds exactly for the characters for which V8 takes two bytes for each character of the string. V8 does not search a string
 * that it knows to have one byte for each character.
 */
const WIDE = /[^\0-\xff]/;

/** What a string costs, in bytes. As a side effect V8 flattens a concatenated string. */
export function stringWeight(text: string): number {
  const bytes = WIDE.test(text) ? 2 * text.length : text.length;
  return STRING + ((bytes + 7) & ~7);
}

/**
 * Remembers the shapes of recently weighed objects: V8 stores the property names once for all objects of one shape, so
 * only the first of them costs the names.
 */
export class ShapeNames {
  readonly #known = new Set<string>();
  #characters = 0;

  /** What objects with the properties `names` cost for these names, in bytes: nothing if others like them were weighed. */
  weigh(names: readonly string[]): number {
    const shape = names.join('\0');
    if (this.#known.has(shape)) return 0;
    this.#remember(shape);
    let weight = 0;
    // An object keeps a number that is a name among its values.
    for (const name of names) if (!isIndex(name)) weight += PROPERTY + stringWeight(name);
    return weight;
  }

  #remember(shape: string): void {
    this.#known.add(shape);
    this.#characters += shape.length;
    for (const oldest of this.#known) {
      if (this.#characters <= MOST_CHARACTERS) return;
      this.#known.delete(oldest);
      this.#characters -= oldest.length;
    }
  }
}

/** Whether V8 keeps the property `name` as an element, as it does in arrays. */
export function isIndex(name: string): boolean {
  const first = name.charCodeAt(0);
  return first >= 48 && first <= 57 && /^\d{1,10}$/.test(name);
}

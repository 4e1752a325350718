import { Decimal } from '@prisma/client/runtime/client';

/** Makes the answer of the query with this number, as a driver would: no two share a string. */
export type MakeAnswer = (number: number) => unknown;

const USUAL_ROWS = 200;

/** Answers of many shapes: some that an estimate from samples mistakes, and some that cost more than what they show. */
export function shapes(random: () => number): Readonly<Record<string, MakeAnswer>> {
  return {
    'one number': (number) => number,
    'one short row': (number) => fromJson({ id: number, name: `User ${number}`, email: `user${number}@example.com` }),
    'one row of all types': (number) => everyType(number),
    'a list of 50 rows': (number) => list(50, (at) => fromJson({ id: at, name: `User ${number} ${at}`, active: true })),
    'short and long texts in turns': (number) => texts(160, (at) => (at % 2 === 1 ? 20_000 : 20), number),
    'sorted by length': (number) => texts(USUAL_ROWS, (at) => (at >= 190 ? 20_000 : 20), number),
    'only the last row is long': (number) => texts(USUAL_ROWS, (at) => (at === USUAL_ROWS - 1 ? 200_000 : 20), number),
    'some rows are long, at random': (number) => texts(USUAL_ROWS, () => (random() < 0.03 ? 100_000 : 20), number),
    'texts of two bytes a character': (number) =>
      list(50, (at) => ({ id: at, body: fresh(`${'a'.repeat(400)}€${number} ${at}`) })),
    'texts of Latin-1': (number) => list(50, (at) => ({ id: at, body: fresh(`${'é'.repeat(400)}${number} ${at}`) })),
    'JSON with keys of its own': (number) => fromJson(ownKeys(number, 40)),
    'JSON with numbers for keys': (number) =>
      fromJson(Object.fromEntries(list(40, (at) => [`${number * 40_000 + at * 977}`, at]))),
    'JSON with some of 12 keys': (number) => list(20, (at) => fromJson(someKeys(number * 977 + at))),
    'one very wide row': () => fromJson(Object.fromEntries(list(600, (at) => [`column${at}`, at]))),
    dates: (number) => list(50, (at) => ({ id: at, from: new Date(number + at), to: new Date(number - at) })),
    bigints: (number) =>
      list(50, (at) => ({ id: BigInt(number) * 2n ** 40n + BigInt(at), other: 10n ** 60n + BigInt(at) })),
    decimals: (number) => list(50, (at) => ({ id: at, price: new Decimal(`${number * 1_000 + at}.17`) })),
    floats: (number) => list(50, (at) => ({ id: at, x: number + at / 7, y: number - at / 7 })),
    'lists of floats': (number) => list(1_000, (at) => number + at / 7),
    bytes: (number) => list(50, (at) => ({ id: at, raw: Uint8Array.from({ length: 300 }, () => number + at) })),
    buffers: (number) => list(50, (at) => ({ id: at, raw: Buffer.from(`${number} ${at} ${'x'.repeat(300)}`) })),
  };
}

function everyType(number: number): object {
  return {
    id: number,
    big: BigInt(number),
    at: new Date(number),
    price: new Decimal(`${number}.5`),
    rate: number / 7,
    raw: Uint8Array.of(1, 2, 3, number),
    tags: ['a', 'b', fresh(`tag ${number}`)],
    settings: fromJson({ theme: 'dark', size: number }),
    missing: null,
  };
}

function texts(rows: number, length: (at: number) => number, number: number): object[] {
  return list(rows, (at) => ({ id: at, body: Buffer.alloc(length(at), 97 + ((number + at) % 26)).toString('latin1') }));
}

function ownKeys(number: number, count: number): object {
  return { id: number, byName: Object.fromEntries(list(count, (at) => [`customer ${number} field ${at}`, at])) };
}

/** An object with those of twelve properties that the bits of the number name. */
function someKeys(bits: number): object {
  return Object.fromEntries(list(12, (at) => [`field${at}`, at]).filter(([, at]) => (bits >> Number(at)) & 1));
}

function list<Item>(length: number, make: (at: number) => Item): Item[] {
  return Array.from({ length }, (_, at) => make(at));
}

function fromJson(value: object): object {
  return JSON.parse(JSON.stringify(value)) as object;
}

/** The same text in memory of its own. */
function fresh(text: string): string {
  return Buffer.from(text).toString();
}

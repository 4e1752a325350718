import { addExtension, Packr } from 'msgpackr';
import { decodeValue, encodeValue } from '../../../packages/core/src/entry/codec.js';
import { copierFor } from '../../../packages/core/src/entry/copier.js';
import { ShapeNames } from '../../../packages/core/src/entry/shape-names.js';
import { weightOf } from '../../../packages/core/src/entry/weight.js';
import { Decimal, decimals } from '../decimals.js';
import type { Finding } from '../finding.js';
import { type Effort, race } from '../race.js';
import { exactly } from '../spread.js';

/** T9: bytes of an answer with every type, against msgpackr's records; and what a private copy costs. */
export async function* codec(effort: Effort): AsyncGenerator<Finding> {
  addExtension({ Class: Decimal, type: 1, write: String, read: (text: string) => new Decimal(text) });
  const packr = new Packr({ useRecords: true, moreTypes: true });
  const rows = Array.from({ length: 100 }, (_, index) => row(index));
  const ours = encodeValue(rows, [decimals]);
  const theirs = Buffer.from(packr.pack(rows));
  const names = new ShapeNames();
  const copy = copierFor(rows, [decimals]);
  const times = await race(
    {
      encode: () => encodeValue(rows, [decimals]),
      pack: () => packr.pack(rows),
      decode: () => decodeValue(ours, [decimals]),
      unpack: () => packr.unpack(theirs),
      copy,
      plan: () => copierFor(rows, [decimals]),
      weigh: () => weightOf(rows, names),
    },
    effort,
  );
  const encoded: Finding = { target: 'T9', what: 'encode ÷ msgpackr records', found: times.ratio('encode', 'pack') };
  yield { ...encoded, goal: { atMost: 0.7 } };
  const decoded: Finding = { target: 'T9', what: 'decode ÷ msgpackr records', found: times.ratio('decode', 'unpack') };
  yield { ...decoded, goal: { atMost: 0.9 } };
  const size = exactly(ours.length / theirs.length);
  yield { target: 'T9', what: 'bytes ÷ msgpackr records', goal: { atMost: 1.3 }, found: size };
  yield { target: 'T9', what: 'private copy ÷ decode', found: times.ratio('copy', 'decode') };
  yield { target: 'T9', what: 'weighing an answer ÷ planning its copy', found: times.ratio('weigh', 'plan') };
}

function row(index: number): Record<string, unknown> {
  return {
    id: index + 1,
    email: `user${index}@example.com`,
    name: `User ${index}`,
    bio: 'about me '.repeat(6),
    nickname: null,
    balance: new Decimal(index).times('1.37'),
    serial: 9_007_199_254_740_993n + BigInt(index),
    digest: Uint8Array.from({ length: 16 }, (_, at) => index + at),
    active: index % 10 !== 0,
    createdAt: new Date(1_700_000_000_000 + index * 60_000),
    updatedAt: new Date(1_730_000_000_000 + index * 60_000),
    settings: { theme: 'dark', flags: [1, 2, 3], nested: { deep: true } },
  };
}

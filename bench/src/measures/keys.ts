import hash from 'object-hash';
import { canonicalForm } from '../../../packages/core/src/key/canonical-form.js';
import { QueryKey } from '../../../packages/core/src/key/query-key.js';
import { Decimal, decimals } from '../decimals.js';
import type { Finding } from '../finding.js';
import { type Effort, race } from '../race.js';

const QUESTIONS = {
  findUnique: { where: { id: 42 } },
  'findMany with filters': {
    where: { AND: [{ active: true }, { email: { contains: 'example', mode: 'insensitive' } }, { id: { gte: 10 } }] },
    select: { id: true, email: true, name: true, posts: { where: { published: true }, take: 5 } },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    take: 20,
    skip: 40,
  },
  'id in a list of 200': { where: { id: { in: Array.from({ length: 200 }, (_, index) => index * 37) } } },
  'dates, decimals, bigints, bytes': {
    where: {
      createdAt: { gte: new Date(1_700_000_000_000) },
      balance: { gt: new Decimal('12.50') },
      serial: { not: 9_007_199_254_740_993n },
      digest: { equals: new Uint8Array(16).fill(7) },
    },
  },
};

/** T1: naming a question and finding its name in a map, against what else could name it. */
export async function* keys(effort: Effort): AsyncGenerator<Finding> {
  for (const [name, question] of Object.entries(QUESTIONS)) {
    const toKey = (): string => new QueryKey(canonicalForm(question, [decimals]), '').local;
    const known = new Map([[toKey(), true]]);
    const contenders = {
      key: () => known.get(toKey()),
      objectHash: () => hash(question, { unorderedObjects: true, replacer: plainDecimal }),
    };
    if (name.startsWith('dates')) {
      const times = await race(contenders, effort);
      yield overObjectHash(name, times.ratio('objectHash', 'key'));
    } else {
      const times = await race({ ...contenders, json: () => JSON.stringify(question) }, effort);
      const what = `key ÷ JSON.stringify, ${name}`;
      yield { target: 'T1', what, goal: { atMost: 1.4 }, found: times.ratio('key', 'json') };
      yield overObjectHash(name, times.ratio('objectHash', 'key'));
    }
  }
}

function overObjectHash(name: string, found: Finding['found']): Finding {
  return { target: 'T1', what: `object-hash ÷ key, ${name}`, goal: { atLeast: 15 }, found };
}

/** object-hash refuses classes that it does not know. */
function plainDecimal(value: unknown): unknown {
  return value instanceof Decimal ? { decimal: value.toString() } : value;
}

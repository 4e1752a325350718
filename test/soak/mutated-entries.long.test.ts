import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SEED } from '../behaviour/catalogue/seed.js';
import { Dice } from '../behaviour/random/dice.js';
import { type Blog, createBlogDatabase, openBlog, openPlain } from '../support/blog.js';
import { sharedRedis, type TestDatabase, uniqueNamespace } from '../support/services/index.js';
import { times } from './measure.js';

/* Entries in Redis are damaged in every way at random. A read may miss them; it never answers with them, and never fails. */

const MUTATIONS = times(400, 10_000);
const SEED_OF_DICE = Number(process.env['SOAK_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const USERS = 6;

let database: TestDatabase;
let redis: Redis;
let reader: Blog;
let namespace: string;
let plain: ReturnType<typeof openPlain>;

beforeAll(async () => {
  database = await createBlogDatabase();
  await database.execute(SEED);
  const url = await sharedRedis();
  redis = new Redis(url);
  namespace = uniqueNamespace();
  // Without memory, so that every read looks into Redis.
  reader = openBlog(database.url, { redis: { url, deadline: '5s' }, namespace, memory: false });
  plain = openPlain(database.url);
});

afterAll(async () => {
  await reader?.close();
  await plain?.close();
  redis?.disconnect();
  await database?.drop();
});

type Db = Pick<Blog['anyDb'], 'user' | 'post'>;

const QUESTIONS: readonly ((db: Db) => PromiseLike<unknown>)[] = [
  ...Array.from({ length: USERS }, (_, at) => (db: Db) => db.user.findUnique({ where: { id: at + 1 } })),
  (db) => db.user.findMany({ orderBy: { id: 'asc' }, include: { posts: { orderBy: { id: 'asc' } } } }),
  (db) => db.post.findMany({ orderBy: { id: 'asc' } }),
  (db) => db.user.findUnique({ where: { id: 99 } }),
  (db) => db.user.aggregate({ _count: true, _sum: { balance: true } }),
];

interface Stored {
  readonly key: string;
  readonly frame: Buffer;
  readonly truth: string;
}

it(`${MUTATIONS} damaged entries are never served and fail no read`, { timeout: 600_000 }, async () => {
  const stored: Stored[] = [];
  for (const question of QUESTIONS) stored.push(await store(question));
  const dice = new Dice(SEED_OF_DICE);
  const wrong: string[] = [];
  const statuses = new Map<string, number>();

  for (let at = 0; at < MUTATIONS; at++) {
    const which = dice.int(0, stored.length - 1);
    const { key, frame, truth } = stored[which] as Stored;
    const [kind, damaged] = damage(dice, frame, (stored[dice.int(0, stored.length - 1)] as Stored).frame);
    if (damaged.equals(frame)) continue;
    await redis.set(key, damaged, 'EX', 600);

    const { data, info } = await reader.db.$cache.explain(() => asked(which));
    // What this read stores must not arrive after the next damage.
    await reader.db.$cache.idle();

    statuses.set(info.status, (statuses.get(info.status) ?? 0) + 1);
    if (reader.textOf(data) !== truth || info.status === 'hit')
      wrong.push(`${kind} (seed ${SEED_OF_DICE}, ${at}) was ${info.status}`);
  }

  console.log(`damaged entries, seed ${SEED_OF_DICE}: ${JSON.stringify(Object.fromEntries(statuses))}`);
  expect(wrong).toEqual([]);
});

it('an entry that is not damaged is a hit, so the test above can fail', async () => {
  const [{ key, frame, truth }] = [await store(QUESTIONS[0] as (db: Db) => PromiseLike<unknown>)];
  await redis.set(key, frame, 'EX', 600);

  const { data, info } = await reader.db.$cache.explain(() => asked(0));

  expect(info).toMatchObject({ status: 'hit', source: 'redis' });
  expect(reader.textOf(data)).toBe(truth);
});

function asked(which: number): PromiseLike<unknown> {
  const question = QUESTIONS[which];
  if (question === undefined) throw new Error(`There is no question ${which}`);
  return question(reader.db.$cached({ ttl: 600 }) as unknown as Db);
}

/** Has a question answered and its entry stored. */
async function store(question: (db: Db) => PromiseLike<unknown>): Promise<Stored> {
  const truth = plain.textOf(await question(plain.client));
  const cached = reader.db.$cached({ ttl: 600 }) as unknown as Db;
  const { info } = await reader.db.$cache.explain(() => question(cached));
  await reader.db.$cache.idle();
  // Other tests have asked the same queries in namespaces of their own.
  const key = (await redis.keys(`*${namespace}:*:e:${info.key}*`)).at(0) ?? `(none for ${info.key})`;
  const frame = await redis.getBuffer(key);
  if (frame === null) throw new Error(`There is no entry ${key}`);
  return { key, frame, truth };
}

function damage(dice: Dice, frame: Buffer, other: Buffer): readonly [kind: string, damaged: Buffer] {
  const at = (): number => dice.int(0, frame.length - 1);
  return dice.weighted<readonly [string, Buffer]>(
    [5, () => ['flipped bits', flipped(dice, frame)]],
    [2, () => ['cut off', frame.subarray(0, at())]],
    [1, () => ['without its beginning', frame.subarray(at())]],
    [3, () => ['spliced', Buffer.concat([frame.subarray(0, at()), other.subarray(dice.int(0, other.length - 1))])]],
    [3, () => ['of another key', other]],
    [1, () => ['followed by another', Buffer.concat([frame, other])]],
    [1, () => ['noise', Buffer.from(Array.from({ length: dice.int(0, 200) }, () => dice.int(0, 255)))]],
    [
      1,
      () => [
        'with a hole',
        Buffer.concat([frame.subarray(0, at()), Buffer.alloc(dice.int(1, 9)), frame.subarray(at())]),
      ],
    ],
  );
}

function flipped(dice: Dice, frame: Buffer): Buffer {
  const copy = Buffer.from(frame);
  for (let bits = dice.int(1, 3); bits > 0; bits--) {
    const at = dice.int(0, copy.length - 1);
    copy.writeUInt8(copy.readUInt8(at) ^ (1 << dice.int(0, 7)), at);
  }
  return copy;
}

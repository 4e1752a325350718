import { setTimeout as delay } from 'node:timers/promises';
import { readReplicas } from '@prisma/extension-read-replicas';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BLOG_TABLES, openBlog, openPlain } from '../support/blog.js';
import { randomFrom } from '../support/random.js';
import {
  type ReplicatedPostgres,
  sharedRedis,
  startReplicatedPostgres,
  uniqueNamespace,
  waitUntil,
} from '../support/services/index.js';
import { machineTime } from '../support/versioned-reads.js';

/** Times in milliseconds. The standby is this far behind, and a busy machine may add to it. */
const DELAY = 300;
/** How far behind it is at most, by the option `replicaLag`. */
const LAG = 1_500;
const BOUND = 500;
const DURATION = 6_000;
const ROWS = 40;
/** How many rows a list holds. */
const PER_ORG = 5;
const seed = Number(process.env['CACHETASTIC_TEST_SEED'] ?? Date.now() % 1_000_000);

/** A version of a row, its score, as an update was answered. */
interface Acknowledged {
  readonly version: number;
  readonly by: number;
  readonly at: number;
}

/** What a read saw of a row. */
interface Sighting {
  readonly row: number;
  readonly version: number;
  readonly startedAt: number;
}

let servers: ReplicatedPostgres;
/** A client of the standby without a cache. */
let standby: ReturnType<typeof openPlain>;
let clients: readonly ReturnType<typeof connect>[];
/** By row, in the order of the answers. */
const acknowledged = new Map<number, Acknowledged[]>();

beforeAll(async () => {
  servers = await startReplicatedPostgres(`${DELAY}ms`);
  await fill(servers.primary.url);
  const redis = { url: await sharedRedis(), deadline: '5s' } as const;
  const namespace = uniqueNamespace();
  clients = [connect(redis, namespace), connect(redis, namespace)];
  standby = openPlain(servers.standby.url);
  await waitUntil('the rows on the standby', async () => {
    if ((await standby.client.user.count()) < ROWS) throw new Error('not there');
  });
});
afterAll(async () => {
  for (const { primary, replica } of clients ?? []) {
    await primary.close();
    await replica.close();
  }
  await standby?.close();
  await servers?.stop();
});

async function fill(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`${BLOG_TABLES};
    INSERT INTO orgs (name) SELECT 'org ' || n FROM generate_series(1, ${ROWS / PER_ORG}) n;
    INSERT INTO users (email, name, score, org_id)
      SELECT 'u' || n || '@x.org', 'User', 0, (n - 1) / ${PER_ORG} + 1 FROM generate_series(1, ${ROWS}) n`);
  await client.end();
}

/** A client with a cache of its own, and the replica behind it. */
function connect(redis: { readonly url: string; readonly deadline: '5s' }, namespace: string) {
  const options = {
    redis,
    namespace,
    replicaLag: `${LAG}ms`,
    maxStaleness: `${BOUND}ms`,
    ttl: `${LAG + 500}ms`,
  } as const;
  const primary = openBlog(servers.primary.url, options);
  const replica = openPlain(servers.standby.url);
  const db = primary.db.$extends(readReplicas({ replicas: [replica.client] }));
  return { primary, replica, db };
}

/** The newest version that a read at `time` must see: those of its own process, and those that are older than the bound. */
function demanded(row: number, reader: number, time: number): number {
  const wanted = (acknowledged.get(row) ?? []).filter(({ by, at }) => at <= time - (by === reader ? 0 : BOUND));
  return Math.max(0, ...wanted.map(({ version }) => version));
}

/** How long ago something newer than what was seen had been acknowledged; 0 if nothing had. */
function behind({ row, version, startedAt }: Sighting): number {
  const newer = (acknowledged.get(row) ?? []).filter((each) => each.version > version).map(({ at }) => at);
  return Math.max(0, startedAt - Math.min(startedAt, ...newer));
}

/** Writes now and then, until `end`. */
async function write(writer: number, end: number): Promise<void> {
  const random = randomFrom(seed + writer);
  const { db } = clients[writer] as ReturnType<typeof connect>;
  while (machineTime() < end) {
    const row = 1 + Math.floor(random() * ROWS);
    const update = { where: { id: row }, data: { score: { increment: 1 } } };
    const { score } =
      random() < 0.5 ? await db.user.update(update) : await db.$transaction((tx) => tx.user.update(update));
    const version = score ?? Number.NaN;
    acknowledged.set(row, [...(acknowledged.get(row) ?? []), { version, by: writer, at: machineTime() }]);
    await delay(random() * 200);
  }
}

/** Asks without a pause until `end`. */
async function read(reader: number, random: () => number, end: number, judge: (sighting: Sighting) => void) {
  const { db } = clients[reader] as ReturnType<typeof connect>;
  const rows = async (): Promise<readonly { readonly id: number; readonly score: number | null }[]> => {
    const id = 1 + Math.floor(random() * ROWS);
    const kind = random();
    if (kind < 0.2) return db.user.findMany({ where: { orgId: Math.ceil(id / PER_ORG) }, cache: true });
    const where = kind < 0.6 ? { id } : { email: `u${id}@x.org` };
    const row = await db.user.findUnique({ where, select: { id: true, score: true }, cache: true });
    return row === null ? [] : [row];
  };
  while (machineTime() < end) {
    const startedAt = machineTime();
    for (const { id, score } of await rows()) judge({ row: id, version: score ?? -1, startedAt });
    await delay(random() * 4);
  }
}

it(`two caches on a standby that is ${DELAY} ms behind: own writes are read at once, others within maxStaleness`, async () => {
  const end = machineTime() + DURATION;
  const wrong: string[] = [];
  const lags: number[] = [];
  let seen = 0;
  const judge = (reader: number) => (sighting: Sighting) => {
    seen++;
    const { row, version, startedAt } = sighting;
    const wanted = demanded(row, reader, startedAt);
    if (version < wanted)
      wrong.push(`client ${reader} saw ${version} of row ${row}, not ${wanted}: ${Math.round(behind(sighting))} ms`);
  };
  /** What a reader of the replica sees who has no cache. */
  const probe = async (): Promise<void> => {
    while (machineTime() < end) {
      const startedAt = machineTime();
      const rows = await standby.client.user.findMany({ select: { id: true, score: true } });
      for (const { id, score } of rows) lags.push(behind({ row: id, version: score ?? -1, startedAt }));
      await delay(50);
    }
  };
  const replicaLoads = (): number =>
    clients.reduce((sum, { replica }) => sum + replica.watch.count(/FROM "public"."users"/), 0);
  const before = replicaLoads();

  await Promise.all([
    probe(),
    ...clients.flatMap((_, n) => [
      write(n, end),
      ...[0, 1, 2].map((reader) => read(n, randomFrom(seed + 10 * n + reader), end, judge(n))),
    ]),
  ]);

  const onReplica = replicaLoads() - before;
  const stats = clients.map(({ primary }) => primary.db.$cache.stats());
  const sum = (of: (each: (typeof stats)[number]) => number): number => stats.reduce((all, each) => all + of(each), 0);
  const loads = sum((each) => each.loads);
  const hits = sum(({ hits: { memory, redis = 0 } }) => memory + redis);
  const updates = [...acknowledged.values()].reduce((all, each) => all + each.length, 0);
  console.log(
    `seed ${seed}: ${updates} updates, ${seen} rows seen, ${wrong.length} wrong; ${hits} hits, ` +
      `${loads} loads, ${onReplica} of them on the standby, which was up to ${Math.max(...lags).toFixed(0)} ms behind`,
  );
  expect(wrong).toEqual([]);
  // The standby was behind, and no further than `replicaLag`: otherwise this test shows nothing.
  expect(Math.max(...lags)).toBeGreaterThan(DELAY / 2);
  expect(Math.max(...lags)).toBeLessThan(LAG);
  // However slow the machine is.
  for (const count of [updates, hits, onReplica, loads - onReplica]) expect(count).toBeGreaterThan(10);
});

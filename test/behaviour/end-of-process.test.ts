import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createClient } from '@libsql/client';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createBlogDatabase } from '../support/blog.js';
import {
  type NetworkProxy,
  sharedRedis,
  startProxy,
  startRedis,
  type TestDatabase,
  uniqueNamespace,
  waitUntil,
} from '../support/services/index.js';
import type { ScriptSetup } from './ending/setup.js';

/*
 * A script that closes nothing ends when it has nothing left to do. That it ends is all that is asked: the time it takes
 * depends on the machine. A script that runs on lets its test time out.
 */
const SCRIPT = fileURLToPath(new URL('ending/script.ts', import.meta.url));
const TSCONFIG = fileURLToPath(new URL('../support/second-process/tsconfig.json', import.meta.url));

let folder: string;
let blog: TestDatabase;
let redis: string;
let proxy: NetworkProxy;
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cachetastic-ending-'));
  const sqlite = createClient({ url: `file:${join(folder, 'tags.db')}` });
  await sqlite.execute('CREATE TABLE tags (label TEXT)');
  sqlite.close();
  blog = await createBlogDatabase();
  redis = await sharedRedis();
  const { hostname: host, port } = new URL(redis);
  proxy = await startProxy({ host, port: Number(port || 6_379) });
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  proxy.restore();
});
afterAll(async () => {
  await proxy?.close();
  await blog?.drop();
  await rm(folder, { recursive: true, force: true });
});

/** A script that runs. */
class Script {
  readonly lines: string[] = [];
  readonly namespace: string = uniqueNamespace();
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  constructor(given: Pick<ScriptSetup, 'orm' | 'way'> & Partial<ScriptSetup>) {
    const setup: ScriptSetup = {
      database: given.orm === 'prisma' ? blog.url : `file:${join(folder, 'tags.db')}`,
      redis: proxy.url(redis),
      namespace: this.namespace,
      // Nothing here is about a slow Redis: a busy machine must not queue what could be delivered.
      deadline: '30s',
      ...given,
    };
    this.#child = spawn(process.execPath, ['--import', 'tsx', SCRIPT, JSON.stringify(setup)], {
      env: { ...process.env, TSX_TSCONFIG_PATH: TSCONFIG },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children.push(this.#child);
    if (this.#child.stdout === null) throw new Error('The script has no output.');
    createInterface(this.#child.stdout).on('line', (line) => this.lines.push(line));
    this.#ended = once(this.#child, 'close');
  }

  /** Until it has printed `line`. */
  async printed(line: string): Promise<void> {
    await waitUntil(`the script prints ${line}`, async () => expect(this.lines).toContain(line), 60_000);
  }

  /** Lets it write. */
  go(): void {
    this.#child.stdin?.end();
  }

  /** Until it has ended. @returns Its exit code. */
  async ended(): Promise<number | null> {
    await this.#ended;
    return this.#child.exitCode;
  }

  /** How many records the log of its namespace has. */
  async records(): Promise<number> {
    const client = new Redis(redis);
    const keys: string[] = [];
    for await (const found of client.scanStream({ match: `{*${this.namespace}*}:log`, count: 10_000 })) {
      keys.push(...found);
    }
    const lengths = await Promise.all(keys.map((key) => client.xlen(key)));
    client.disconnect();
    return lengths.reduce((sum, length) => sum + length, 0);
  }
}

it.each([
  ['drizzle', 'url'],
  ['prisma', 'client'],
] as const)(
  'a script with nothing left to do ends: %s, %s',
  async (orm, way) => {
    const script = new Script({ orm, way });
    await script.printed('hit');

    script.go();

    expect(await script.ended()).toBe(0);
    expect(script.lines).toEqual(['hit', 'delivered', 'written']);
  },
  120_000,
);

it('a script with a client of a Cluster ends', async () => {
  const node = await startRedis({ config: { 'cluster-enabled': 'yes' } });
  const admin = new Redis(node.url);
  await admin.config('SET', 'cluster-announce-ip', node.host, 'cluster-announce-port', node.port);
  await admin.call('cluster', ['addslotsrange', '0', '16383']);
  await waitUntil('a Cluster', async () => expect(await admin.cluster('INFO')).toContain('cluster_state:ok'));
  admin.disconnect();
  const script = new Script({ orm: 'drizzle', way: 'cluster', redis: node.url });
  await script.printed('hit');

  script.go();

  expect(await script.ended()).toBe(0);
  expect(script.lines).toEqual(['hit', 'delivered', 'written']);
  await node.stop();
}, 120_000);

it.each([
  ['prisma', 'url'],
  ['drizzle', 'client'],
] as const)(
  'an invalidation that waits for Redis at the end of a script is delivered before it ends: %s, %s',
  async (orm, way) => {
    const script = new Script({ orm, way, deadline: '100ms' });
    await script.printed('hit');
    const before = await script.records();

    proxy.blackhole();
    script.go();
    await script.printed('written');
    proxy.disconnect();
    proxy.restore();

    expect(await script.ended()).toBe(0);
    // An append of which the answer was lost may be made again.
    expect([...new Set(script.lines)]).toEqual(['hit', 'queued', 'written', 'delivered']);
    expect(await script.records()).toBeGreaterThan(before);
  },
  120_000,
);

it.each([
  ['drizzle', 'url'],
  ['prisma', 'client'],
] as const)(
  'an invalidation that Redis never accepts is reported before a script ends: %s, %s',
  async (orm, way) => {
    const script = new Script({ orm, way, deadline: '100ms' });
    await script.printed('hit');

    proxy.blackhole();
    script.go();

    expect(await script.ended()).toBe(0);
    expect(script.lines).toEqual(['hit', 'queued', 'written', 'lost']);
  },
  120_000,
);

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { createDatabase, sharedRedis, waitUntil } from '../support/services/index.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TIME = 180_000;
const CHAPTERS = [
  '1  The same reads from three places',
  '2  A stampede',
  '3  Writes, and what stays cached',
  '4  A second process hears of it',
  '5  Redis stops, and starts again',
  '6  What the cache counted',
];

describe('the example', () => {
  it('shows every chapter in both halves with embedded servers, each check holding', { timeout: TIME }, async () => {
    const { code, output, errors } = await start({}).ended;

    expect(errors).toBe('');
    expect(output).toContain('PGlite in this process');
    expectWhole(output);
    expect(code).toBe(0);
  });

  it('shows every chapter in both halves on existing servers', { timeout: TIME }, async () => {
    const [database, redis] = await Promise.all([createDatabase(), sharedRedis()]);
    try {
      const { code, output, errors } = await start({ DATABASE_URL: database.url, REDIS_URL: redis }).ended;

      expect(errors).toBe('');
      expect(output).toMatch(/PostgreSQL \d+/);
      expect(output.match(/it was first given the new row/g)).toHaveLength(2);
      expect(output).toContain('✓ What one ORM writes, the other reads');
      expectWhole(output);
      expect(code).toBe(0);
    } finally {
      await database.drop();
    }
  });

  it('names what it leaves out without Redis', { timeout: TIME }, async () => {
    const { code, output, errors } = await start({ PATH: '' }).ended;

    expect(errors).toBe('');
    expect(output.match(/left out/gi)).toHaveLength(8);
    expectWhole(output);
    expect(code).toBe(0);
  });

  it('leaves nothing behind when it is interrupted', { timeout: TIME }, async () => {
    const redis = new Redis(await sharedRedis());
    const keysOfExamples = () => redis.keys('*ct:cachetastic-example-*');
    const before = await keysOfExamples();
    const example = start({ REDIS_URL: await sharedRedis() });
    await example.printed(`${CHAPTERS[2]}`);
    expect((await keysOfExamples()).length).toBeGreaterThan(before.length);

    example.child.kill('SIGINT');
    const { code } = await example.ended;

    expect(code).toBe(130);
    expect(await keysOfExamples()).toEqual(before);
    await redis.quit();
  });

  it('stops the Redis that it started when it is interrupted', { timeout: TIME }, async () => {
    const example = start({});
    await example.printed(`${CHAPTERS[0]}`);
    const port = /a private .* at 127\.0\.0\.1:(\d+)/.exec(example.output())?.[1];

    example.child.kill('SIGINT');
    const { code } = await example.ended;

    expect(code).toBe(130);
    // Without redis-server on the machine there is nothing to test, and the test says so.
    if (port === undefined) expect(example.output()).toContain('none: what needs it is left out');
    else await expect(once(createConnection(Number(port), '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED');
  });
});

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Starts the example as `npm start` does, without the servers that the tests were given. */
function start(environment: NodeJS.ProcessEnv) {
  const { DATABASE_URL: _database, REDIS_URL: _redis, ...rest } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', 'examples/postgres/src/main.ts'], {
    cwd: ROOT,
    env: { ...rest, FORCE_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += stripVTControlCharacters(text);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  return {
    child,
    output: () => output,
    ended: once(child, 'close').then(([code]: (number | null)[]): Ended => ({ code: code ?? null, output, errors })),
    printed: (text: string) =>
      waitUntil(`the example to print "${text}"`, async () => expect(output).toContain(text), TIME),
  };
}

/** Every chapter is there for either ORM, no check failed, and it fits a terminal of 80 columns. */
function expectWhole(output: string): void {
  const [, prisma = '', drizzle = '', both = ''] = output.split(/^ {2}(?:Prisma|Drizzle|Both) {2}.*\n {2}═+$/m);
  for (const half of [prisma, drizzle]) {
    for (const chapter of CHAPTERS) expect(half).toContain(chapter);
    expect(half).toContain('✓ 0 answers differed');
    expect(half).toContain('✓ 100 callers got 100 copies');
    expect(half).toContain('✓ 0 stale answers: all 48');
    expect(half).toMatch(/^ +rollback .*→\s+nothing$/m);
  }
  expect(both).toMatch(/What one ORM writes, the other reads|Left out/);
  expect(output).not.toContain('✗');
  expect(output).not.toMatch(/NaN|Infinity|undefined/);
  expect(output.split('\n').filter((line) => [...line].length > 80 || /\s$/.test(line))).toEqual([]);
}

import { createQueryCache, InvalidOptionError, toMilliseconds } from '@cachetastic/core';
import type { OptionRow } from '@cachetastic/core/adapter';
import type { Model } from '@cachetastic/core/sql';
import { drizzleCache, withCachetastic } from '@cachetastic/drizzle';
import { cachetastic } from '@cachetastic/prisma-extension';
import { drizzle } from 'drizzle-orm/node-postgres';
import { describe, expect, it } from 'vitest';
import { parseNamespace } from '../../packages/core/src/key/namespace.js';
import { resolveObserve } from '../../packages/core/src/observe/observe-options.js';
import { resolveRedisOptions } from '../../packages/core/src/redis/redis-options.js';
import { resolveMemoryOptions } from '../../packages/core/src/tier/memory-options.js';
import { resolveIntents } from '../../packages/core/src/write/intent-options.js';
import { resolveDrizzleCacheOptions } from '../../packages/drizzle/src/drizzle-cache/options.js';
import {
  OPTIONS as DRIZZLE_OPTIONS,
  resolveOptions as resolveDrizzle,
} from '../../packages/drizzle/src/options/resolve-options.js';
import { OPTIONS, resolveOptions } from '../../packages/prisma-extension/src/options/resolve-options.js';
import { connect } from '../prisma-extension/support/blog.js';
import { codesIn, readPage, section, tableRows } from './markdown.js';

const PAGE = readPage('docs/options.md');
const URL = 'redis://127.0.0.1:1';
/** What only one of the two ORMs has, in sections that they share. */
const OF_PRISMA = new Set(['$cached().models', '$cache.invalidate().models']);
const OF_DRIZZLE = new Set(['$cached().tables', '$cache.invalidate().tables']);
const NOWHERE = { name: 'nowhere', url: 'postgres://nobody@127.0.0.1:1/nowhere', execute: refuse, drop: refuse };
const db = connect(NOWHERE).base.$extends(cachetastic({ database: 'nowhere' }));
const plain = drizzle(NOWHERE.url);
const drizzled = withCachetastic(plain, { database: 'nowhere' });

async function refuse(): Promise<never> {
  throw new Error('There is no database.');
}

/** A program without types, which gives what does not exist. */
const construct = async (options: object) => Reflect.apply(cachetastic, undefined, [options]);
const drizzleOption = async (options: object) => Reflect.apply(drizzleCache, undefined, [options]);
const wrap = async (options: object) => Reflect.apply(withCachetastic, undefined, [plain, options]);
const read = async (cache: object) => Reflect.apply(db.user.findMany, db.user, [{ cache }]);
const write = async (cache: object) => Reflect.apply(db.user.delete, db.user, [{ where: { id: 1 }, cache }]);

describe.each<[heading: string, prefix: string, give: (unknown: object) => Promise<unknown>]>([
  ['`cachetastic(options)`', '', construct],
  ['memory', 'memory.', (memory) => construct({ memory })],
  ['redis', 'redis.', (redis) => construct({ redis })],
  ['intents', 'intents.', (intents) => construct({ intents })],
  ['observe', 'observe.', (observe) => construct({ observe })],
  ['models', 'models.X.', (X) => construct({ models: { X } })],
  ['`cache`, on a read', 'cache.', read],
  ['`cache`, on a write', 'cache.', write],
  ['`db.$cached(options)`', '$cached().', async (given) => Reflect.apply(db.$cached, db, [given])],
  [
    '`db.$cache.invalidate(what)`',
    '$cache.invalidate().',
    async (what) => Reflect.apply(db.$cache.invalidate, db.$cache, [what]),
  ],
])('the section %s', (heading, prefix, give) => {
  it('has exactly the options that the code accepts', async () => {
    const described = optionsOf(heading).filter((option) => !OF_DRIZZLE.has(option));
    const accepted = (await known(give)).map((option) => `${prefix}${option}`);

    expect([...described].sort()).toEqual([...accepted].sort());
  });
});

describe('for Drizzle', () => {
  it('the section `withCachetastic(db, options)` has the options that it adds, and names those of Prisma that it lacks', async () => {
    const heading = '`withCachetastic(db, options)`';
    const [, lacks = ''] = /all of the above except (.*), plus/.exec(section(PAGE, heading)) ?? [];
    const lacking = new Set(codesIn(lacks));
    const described = [...optionsOf('`cachetastic(options)`'), ...optionsOf(heading)].filter(
      (option) => !lacking.has(option),
    );

    expect(lacking.size).toBe(3);
    expect([...described].sort()).toEqual([...(await known(wrap))].sort());
  });

  it.each<[heading: string, prefix: string, give: (unknown: object) => Promise<unknown>]>([
    ['memory', 'memory.', (memory) => wrap({ memory })],
    ['redis', 'redis.', (redis) => wrap({ redis })],
    ['intents', 'intents.', (intents) => wrap({ intents })],
    ['observe', 'observe.', (observe) => wrap({ observe })],
    ['tables', 'tables.X.', (X) => wrap({ tables: { X } })],
    ['`db.$cached(options)`', '$cached().', async (given) => Reflect.apply(drizzled.$cached, drizzled, [given])],
    [
      '`db.$cache.invalidate(what)`',
      '$cache.invalidate().',
      async (what) => Reflect.apply(drizzled.$cache.invalidate, drizzled.$cache, [what]),
    ],
  ])('the section %s has exactly the options that the code accepts', async (heading, prefix, give) => {
    const described = optionsOf(heading).filter((option) => !OF_PRISMA.has(option));
    const accepted = (await known(give)).map((option) => `${prefix}${option}`);

    expect([...described].sort()).toEqual([...accepted].sort());
  });

  it('the defaults are those of the page', () => {
    const options = resolveDrizzle({}, {});
    const tables = resolveDrizzle({ ttl: 7, swr: 8, grace: 9, consistency: 'strong', tables: { X: {} } }, {});
    const lifetime = { ttl: 7_000, swr: 8_000, grace: 9_000 };

    expect([defaultOf('tables'), options.tables]).toEqual(['{}', {}]);
    expect([defaultOf('views'), options.views]).toEqual(['{}', {}]);
    expect([defaultOf('functions'), options.functions]).toEqual(['[]', []]);
    expect(options.schema).toBeUndefined();
    expect(options.policyOf(undefined)).toEqual(resolveOptions({}, {}).policyOf(undefined));
    expect(tables.policyOf({ name: 'X', table: 'X' } as Model)).toMatchObject({ lifetime, consistency: 'strong' });
    for (const option of ['ttl', 'swr', 'grace', 'consistency']) expect(defaultOf(`tables.X.${option}`)).toBe(option);
  });
});

describe('for the option `cache` of Drizzle', () => {
  const heading = '`drizzleCache(options)`';

  it('the section has exactly the options that the code accepts, and names those that it shares', async () => {
    const [, above = ''] = /The options ([^.]*) are as above\./.exec(section(PAGE, heading)) ?? [];
    const asAbove = codesIn(above);

    expect([...asAbove, ...optionsOf(heading)].sort()).toEqual([...(await known(drizzleOption))].sort());
    expect(optionsOf('`cachetastic(options)`')).toEqual(expect.arrayContaining([...asAbove]));
  });

  it('the section names the options that are accepted with an existing cache', async () => {
    const [, beside = ''] = /and\s+only\s+the\s+options ([^.]*)\./.exec(section(PAGE, heading)) ?? [];
    const cache = createQueryCache({ database: 'nowhere' });
    const given = async (options: object) => Reflect.apply(drizzleCache, undefined, [cache, options]);

    expect([...codesIn(beside)].sort()).toEqual([...(await known(given))].sort());
    await cache.close();
  });

  it('the defaults are those of the page', () => {
    const { all, base, repeatAfter, database } = resolveDrizzleCacheOptions({}, {}, false);
    const stated = Object.fromEntries(
      rowsOf(heading).map(([option = '', value = '']) => [
        codesIn(option)[0],
        (value.split('else ').at(-1) ?? '').replaceAll('`', ''),
      ]),
    );

    expect(stated['mode']).toBe(all ? "'all'" : "'explicit'");
    expect(Number(stated['ttl']) * 1_000).toBe(base.lifetime.ttl);
    expect(Number(stated['repeatAfter']) * 1_000).toBe(repeatAfter);
    expect([stated['database'], database]).toEqual(['none', undefined]);
    expect(() => resolveDrizzleCacheOptions({ redis: URL }, {}, false)).toThrow('`database`');
  });
});

describe.each<[heading: string, table: Readonly<Record<string, OptionRow<unknown>>>]>([
  ['`cachetastic(options)`', OPTIONS],
  ['`withCachetastic(db, options)`', DRIZZLE_OPTIONS],
])('the table of the section %s', (heading, table) => {
  // Their defaults are sentences.
  const rows = rowsOf(heading).filter(([option]) => !['`memory`', '`database`', '`schema`'].includes(option ?? ''));

  it.each(rows.map(([option = '', stated = '']) => [codesIn(option)[0] ?? '', stated]))(
    'has the default and the variable of the code for %s: %s',
    (option, stated) => {
      const { default: standard, variable } = table[option] ?? {};
      const shown = standard === undefined ? 'none' : `\`${written(standard)}\``;

      expect(stated).toBe(variable === undefined ? shown : `\`${variable}\`, else ${shown}`);
    },
  );
});

function written(standard: unknown): string {
  return typeof standard === 'string' ? `'${standard}'` : JSON.stringify(standard);
}

describe('the defaults on the page', () => {
  const { policyOf, all, shared, scopeOf, hasScope, trusts, settings, onEvent } = resolveOptions({}, {});
  const base = policyOf(undefined);
  const lifetime = base === false ? undefined : base.lifetime;
  const redis = resolveRedisOptions({ url: URL });
  const memory = resolveMemoryOptions(undefined);

  it.each<[option: string, real: unknown]>([
    ['mode', all ? 'all' : 'explicit'],
    ['namespace', settings.namespace],
    ['ttl', lifetime?.ttl],
    ['swr', lifetime?.swr],
    ['grace', lifetime?.grace],
    ['maxStaleness', settings.maxStaleness],
    ['maxStale', settings.maxStale],
    ['consistency', base === false ? undefined : base.consistency],
    ['intents.lease', resolveIntents(true)?.lease],
    ['intents.fence', resolveIntents(true)?.fence],
    ['intents.onUnavailable', resolveIntents(true)?.onUnavailable],
    ['memory.maxEntries', memory.maxEntries],
    ['memory.maxBytes', memory.maxBytes],
    ['redis.deadline', redis.deadline],
    ['redis.logLength', redis.logLength],
    ['redis.maxEntryBytes', redis.maxEntryBytes],
  ])('the default of %s is %j, in milliseconds or bytes', (option, real) => {
    expect(inside(option, defaultOf(option))).toBe(real);
  });

  it('the default of an option that is off, empty or absent is that of the code', () => {
    expect([defaultOf('redis'), shared]).toEqual(['none', undefined]);
    expect([defaultOf('scope'), hasScope, scopeOf()]).toEqual(['none', false, undefined]);
    expect([defaultOf('onEvent'), onEvent]).toEqual(['none', undefined]);
    expect([defaultOf('trustExtensions'), trusts('any')]).toEqual(['[]', false]);
    expect([defaultOf('observe'), resolveObserve(undefined), resolveObserve(0)]).toEqual(['0', undefined, undefined]);
    expect([defaultOf('replicaLag'), settings.replicaLag]).toEqual(['none', 0]);
    expect([defaultOf('observe.degrade'), resolveObserve({ rate: 1 })?.degrade]).toEqual(['false', false]);
    expect([defaultOf('intents'), settings.intents]).toEqual(['false', undefined]);
    expect([defaultOf('models'), policyOf('User')]).toEqual(['{}', base]);
    expect([defaultOf('models.X.tags'), base === false ? undefined : base.tags]).toEqual(['[]', []]);
  });

  it('the defaults of a model are those of the extension', () => {
    const options = resolveOptions({ ttl: 7, swr: 8, grace: 9, consistency: 'strong', models: { X: {} } }, {});

    const lifetime = { ttl: 7_000, swr: 8_000, grace: 9_000 };
    expect(options.policyOf('X')).toMatchObject({ lifetime, consistency: 'strong' });
    for (const option of ['ttl', 'swr', 'grace', 'consistency']) expect(defaultOf(`models.X.${option}`)).toBe(option);
  });
});

it.each<[option: string, give: (value: number) => unknown]>([
  ['redis.logLength', (logLength) => resolveRedisOptions({ url: URL, logLength })],
  ['redis.maxEntryBytes', (maxEntryBytes) => resolveRedisOptions({ url: URL, maxEntryBytes })],
  ['memory.maxEntries', (maxEntries) => resolveMemoryOptions({ maxEntries })],
])('%s has the bounds that the page states', (option, give) => {
  const [, least, most] = /([\d,]+) to ([\d,]+)/.exec(row(option)[2] ?? '') ?? [];
  const [from, to] = [least, most].map((bound) => Number(bound?.replaceAll(',', '')));

  expect(() => give(from ?? Number.NaN)).not.toThrow();
  expect(() => give(to ?? Number.NaN)).not.toThrow();
  expect(() => give((from ?? Number.NaN) - 1)).toThrow(InvalidOptionError);
  expect(() => give((to ?? Number.NaN) + 1)).toThrow(InvalidOptionError);
});

it('a namespace may be as long as the page states', () => {
  const most = Number(/at most (\d+)/.exec(row('namespace')[2] ?? '')?.[1]);

  expect(() => parseNamespace('namespace', 'n'.repeat(most))).not.toThrow();
  expect(() => parseNamespace('namespace', 'n'.repeat(most + 1))).toThrow(InvalidOptionError);
});

it('the page names exactly the environment variables that the code reads', () => {
  const asked = new Set<string>();
  const environment = new Proxy<NodeJS.ProcessEnv>({}, { get: (_, name) => void asked.add(String(name)) });
  resolveOptions({}, environment);
  const described = rowsOf('Environment').map(([variable = '']) => codesIn(variable)[0]);

  expect([...described].sort()).toEqual([...asked].sort());
  expect(new Set(PAGE.match(/CACHETASTIC_[A-Z_]+/g))).toEqual(asked);
});

it('every environment variable has the effect that the page states', () => {
  const environment = {
    CACHETASTIC_REDIS_URL: URL,
    CACHETASTIC_NAMESPACE: 'shop',
    CACHETASTIC_TTL: '5m',
    CACHETASTIC_DISABLED: '1',
  };
  const options = resolveOptions({}, environment);
  const unset = resolveOptions({}, Object.fromEntries(Object.keys(environment).map((name) => [name, ''])));

  expect(options).toMatchObject({ shared: { name: 'redis' }, settings: { namespace: 'shop' }, disabled: true });
  expect(options.policyOf(undefined)).toMatchObject({ lifetime: { ttl: 300_000 } });
  expect(unset).toMatchObject({ shared: undefined, settings: { namespace: 'cachetastic' }, disabled: false });
  expect(unset.policyOf(undefined)).toMatchObject({ lifetime: { ttl: 60_000 } });
});

/** The options that the section under `heading` describes. */
function optionsOf(heading: string): readonly string[] {
  return rowsOf(heading).map(([option = '']) => codesIn(option)[0] ?? '');
}

function rowsOf(heading: string): readonly (readonly string[])[] {
  return tableRows(section(PAGE, heading));
}

function row(option: string): readonly string[] {
  const found = tableRows(PAGE).find(([name]) => name === `\`${option}\``);
  if (found === undefined) throw new Error(`The page has no option ${option}.`);
  return found;
}

/** The default of `option` as the page has it: what holds where the environment is silent, without its quotes. */
function defaultOf(option: string): string {
  const stated = (row(option)[1] ?? '').split('else ').at(-1) ?? '';
  return stated.replaceAll('`', '');
}

/** What is written in the page, as the code has it inside. */
function inside(option: string, written: string): unknown {
  const text = /^'(.*)'$/.exec(written)?.[1];
  if (option === 'memory.maxBytes') return resolveMemoryOptions({ maxBytes: text }).maxBytes;
  if (
    ['ttl', 'swr', 'grace', 'maxStaleness', 'maxStale', 'intents.lease', 'intents.fence', 'redis.deadline'].includes(
      option,
    )
  ) {
    return toMilliseconds(option, text ?? Number(written), { zero: true });
  }
  return text ?? Number(written.replaceAll('_', ''));
}

/** The options that the check of `give` knows, as it lists them for one that it does not know. */
async function known(give: (unknown: object) => Promise<unknown>): Promise<readonly string[]> {
  const error = await give({ nonsense: 1 }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InvalidOptionError);
  return /Known are (.*)\.$/.exec(String(error))?.[1]?.split(', ') ?? [];
}

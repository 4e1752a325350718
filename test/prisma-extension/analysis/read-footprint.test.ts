import { type Footprint, InvalidOptionError } from '@cachetastic/core';
import { describe, expect, it } from 'vitest';
import { createAnalyzer } from '../../../packages/prisma-extension/src/analysis/schema-analyzer.js';
import { readSchema } from '../../../packages/prisma-extension/src/schema/read-schema.js';
import { analyzerFor, BLOG, textlessClientOf } from './blog-schema.js';

const analyzer = analyzerFor();

function footprint(model: string, operation: string, args: unknown, given = analyzer): Footprint {
  const analysis = given.read(model, operation, args);
  if (!analysis.cacheable) throw new Error(analysis.reason);
  return analysis.footprint;
}

/** The tables a read depends on; every one at model level. */
function tables(model: string, operation: string, args: unknown, given = analyzer): readonly string[] {
  const { dependencies } = footprint(model, operation, args, given);
  expect(dependencies.filter((dependency) => Object.keys(dependency).length > 1)).toEqual([]);
  return dependencies.map((dependency) => dependency.model).toSorted();
}

/** The tables that a raw query depends on. */
function rawTables(models: readonly string[], sql: string, given = analyzer): readonly string[] {
  const analysis = given.readRaw({ text: sql, values: [] }, 'models', models);
  if (!analysis.cacheable) throw new Error(analysis.reason);
  return analysis.footprint.dependencies.map(({ model }) => model).toSorted();
}

describe('a read depends on every table that it reaches', () => {
  it.each<[string, string, string, unknown, readonly string[]]>([
    ['nothing given', 'User', 'findMany', undefined, ['users']],
    [
      'own columns',
      'User',
      'findMany',
      {
        where: { name: 'a', OR: [{ id: 1 }, { email: { contains: 'x' } }], NOT: { id: 2 } },
        orderBy: [{ name: 'asc' }, { id: { sort: 'desc', nulls: 'last' } }],
        cursor: { id: 1 },
        distinct: ['name'],
        take: 1,
        skip: 1,
      },
      ['users'],
    ],
    ['include', 'User', 'findMany', { include: { posts: true, org: true } }, ['Org', 'Post', 'users']],
    ['nothing through false', 'User', 'findMany', { include: { posts: false, org: undefined } }, ['users']],
    [
      'include two deep',
      'User',
      'findFirst',
      { include: { posts: { include: { comments: { select: { id: true } } } } } },
      ['Comment', 'Post', 'users'],
    ],
    [
      'include of a many-to-many relation',
      'Post',
      'findMany',
      { include: { tags: true } },
      ['Post', 'Tag', '_PostToTag'],
    ],
    ['select', 'User', 'findMany', { select: { id: true, profile: { select: { bio: true } } } }, ['Profile', 'users']],
    [
      'where inside an include',
      'User',
      'findMany',
      { include: { posts: { where: { comments: { some: { text: 'x' } } } } } },
      ['Comment', 'Post', 'users'],
    ],
    [
      'orderBy inside an include',
      'User',
      'findMany',
      { include: { posts: { orderBy: { comments: { _count: 'desc' } }, cursor: { id: 1 } } } },
      ['Comment', 'Post', 'users'],
    ],
    ['some', 'User', 'findMany', { where: { posts: { some: {} } } }, ['Post', 'users']],
    [
      'every and none',
      'Post',
      'count',
      { where: { comments: { every: { text: 'x' }, none: { author: { name: 'y' } } } } },
      ['Comment', 'Post', 'users'],
    ],
    [
      'is and isNot',
      'Post',
      'findMany',
      { where: { author: { is: { org: { isNot: null } } } } },
      ['Org', 'Post', 'users'],
    ],
    ['a relation filter in short form', 'Post', 'findMany', { where: { author: { email: 'x' } } }, ['Post', 'users']],
    ['a missing relation', 'User', 'findMany', { where: { org: null } }, ['Org', 'users']],
    [
      'filters in AND, OR, NOT',
      'User',
      'findMany',
      { where: { AND: [{ OR: [{ NOT: { posts: { some: { tags: { some: {} } } } } }] }] } },
      ['Post', 'Tag', '_PostToTag', 'users'],
    ],
    [
      'orderBy of a relation',
      'Post',
      'findMany',
      { orderBy: { author: { org: { code: 'asc' } } } },
      ['Org', 'Post', 'users'],
    ],
    [
      '_count of everything',
      'Post',
      'findMany',
      { include: { _count: true } },
      ['Comment', 'Post', 'Tag', '_PostToTag'],
    ],
    [
      '_count of one',
      'User',
      'findMany',
      { select: { _count: { select: { posts: true, comments: false } } } },
      ['Post', 'users'],
    ],
    [
      '_count with a filter',
      'User',
      'findMany',
      { include: { _count: { select: { posts: { where: { comments: { some: {} } } } } } } },
      ['Comment', 'Post', 'users'],
    ],
    [
      'count',
      'User',
      'count',
      { where: { posts: { some: {} } }, select: { _all: true, name: true } },
      ['Post', 'users'],
    ],
    [
      'aggregate',
      'Post',
      'aggregate',
      { _sum: { views: true }, _count: true, where: { author: { name: 'x' } }, orderBy: { id: 'asc' }, take: 3 },
      ['Post', 'users'],
    ],
    [
      'groupBy',
      'Post',
      'groupBy',
      {
        by: ['authorId'],
        _avg: { views: true },
        _count: { _all: true },
        having: { views: { _avg: { gt: 3 } }, AND: [{ authorId: 1 }] },
        orderBy: { _count: { id: 'desc' } },
      },
      ['Post'],
    ],
    ['a self relation', 'User', 'findMany', { include: { manager: true, reports: true } }, ['users']],
    ['a computed field', 'User', 'findMany', { select: { fullName: true } }, ['users']],
    ['arguments with a prototype', 'User', 'findMany', Object.create({ include: { posts: true } }), ['Post', 'users']],
  ])('%s', (_, model, operation, args, expected) => {
    expect(tables(model, operation, args)).toEqual(expected);
  });
});

describe('a read of one row by its key', () => {
  it.each<[string, string, unknown, unknown]>([
    ['the primary key', 'User', { id: 1 }, { id: 'i:1' }],
    ['a unique column', 'User', { email: 'Ada@x.org' }, { email: 't:adaxorg' }],
    ['equals', 'User', { id: { equals: 1 } }, { id: 'i:1' }],
    [
      'further conditions',
      'User',
      { id: 1, name: 'x', AND: [{ email: 'a' }], OR: [{ email: 'b' }] },
      { id: 'i:1', email: 't:a' },
    ],
    [
      'a compound key',
      'Follow',
      { followerId_followedId: { followerId: 1, followedId: 2 } },
      { followerId: 'i:1', followedId: 'i:2' },
    ],
    [
      'a compound key with a name',
      'Post',
      { authorTitle: { authorId: 1, title: 'x' } },
      { authorId: 'i:1', title: 't:x' },
    ],
    ['a UUID', 'Profile', { id: '2F1B0E0C-0000-4000-8000-00000000000A' }, { id: 'u:2f1b0e0c00004000800000000000000a' }],
    ['a text that cannot be compared', 'User', { email: 'ä' }, undefined],
  ])('depends on that row only: %s', (_, model, where, facts) => {
    const dependency = footprint(model, 'findUnique', { where }).dependencies[0];

    expect(dependency?.where).toEqual(facts);
  });

  it('depends on the row by its primary key after it was read', () => {
    const analysis = analyzer.read('User', 'findUniqueOrThrow', { where: { email: 'a' }, include: { posts: true } });
    const narrow = analysis.cacheable ? analysis.narrow : undefined;

    expect(narrow?.({ id: 7, email: 'a', posts: [] })).toEqual({
      dependencies: [{ model: 'users', where: { email: 't:a' }, keys: [{ id: 'i:7' }] }, { model: 'Post' }],
      tags: [],
    });
    expect(narrow?.(null).dependencies[0]).toEqual({ model: 'users', where: { email: 't:a' }, keys: [] });
    expect(narrow?.({ email: 'a', posts: [] }).dependencies[0]).toEqual({ model: 'users', where: { email: 't:a' } });
  });

  it('needs all columns of a compound key', () => {
    const analysis = analyzer.read('Follow', 'findUnique', {
      where: { followerId_followedId: { followerId: 1, followedId: 2 } },
    });
    const narrow = analysis.cacheable ? analysis.narrow : undefined;

    expect(narrow?.({ followerId: 1 }).dependencies[0]?.keys).toBeUndefined();
    expect(narrow?.({ followerId: 1, followedId: 2 }).dependencies[0]?.keys).toEqual([
      { followerId: 'i:1', followedId: 'i:2' },
    ]);
  });

  it('depends on every row if the model is reached through relations as well', () => {
    expect(tables('User', 'findUnique', { where: { id: 1 }, include: { manager: true } })).toEqual(['users']);
    expect(
      tables('User', 'findUnique', { where: { id: 1 }, include: { posts: { include: { author: true } } } }),
    ).toEqual(['Post', 'users']);
  });

  it('depends on every row for any other operation', () => {
    expect(tables('User', 'findFirst', { where: { id: 1 } })).toEqual(['users']);
  });
});

describe('a read that cannot be analysed is not cached', () => {
  it.each<[string, string, string, unknown]>([
    ['an unknown operation', 'User', 'findSomehow', {}],
    ['an unknown model', 'Nobody', 'findMany', {}],
    ['an unknown argument', 'User', 'findMany', { join: { posts: true } }],
    ['an unknown argument of an include', 'User', 'findMany', { include: { posts: { join: true } } }],
    ['an unknown include', 'User', 'findMany', { include: { friends: { where: {} } } }],
    ['an unknown condition', 'User', 'findMany', { where: { friends: { some: {} } } }],
    ['an unknown condition in a relation', 'User', 'findMany', { where: { posts: { some: { friends: { x: 1 } } } } }],
    ['an unknown order', 'User', 'findMany', { orderBy: { friends: 'asc' } }],
    ['a count of an unknown relation', 'User', 'findMany', { include: { _count: { select: { friends: true } } } }],
    ['a having on a relation', 'User', 'groupBy', { by: ['id'], having: { posts: { some: {} } } }],
    ['a string where an object is due', 'User', 'findMany', { where: { posts: 'all' } }],
    ['an undeclared view', 'Leaderboard', 'findMany', {}],
  ])('because it contains %s', (_, model, operation, args) => {
    expect(analyzer.read(model, operation, args)).toEqual({
      cacheable: false,
      reason: expect.stringMatching(/^not-analysable: /),
    });
  });
});

describe('declarations', () => {
  it('name the tables that a view reads', () => {
    const declared = analyzerFor(BLOG, { models: { Leaderboard: { dependsOn: ['User', 'Post'] } } });
    // The table that links posts with their tags as well.
    const all = ['Leaderboard', 'Post', '_PostToTag', 'users'];

    expect(tables('Leaderboard', 'findMany', {}, declared)).toEqual(all);
    expect(tables('Leaderboard', 'findUnique', { where: { id: 1 } }, declared)).toEqual(all);
  });

  it('add tables to what a read of one row depends on', () => {
    const declared = analyzerFor(BLOG, { models: { Comment: { dependsOn: ['Org', '_PostToTag'] } } });
    const analysis = declared.read('Comment', 'findUnique', { where: { id: 1 } });

    expect(analysis).toMatchObject({
      cacheable: true,
      footprint: {
        dependencies: [{ model: 'Comment', where: { id: 'i:1' } }, { model: 'Org' }, { model: '_PostToTag' }],
      },
    });
    const itself = analyzerFor(BLOG, { models: { Comment: { dependsOn: ['Comment'] } } });
    expect(itself.read('Comment', 'findUnique', { where: { id: 1 } })).toMatchObject({
      footprint: { dependencies: [{ model: 'Comment' }] },
    });
  });

  it('must name models of the schema', () => {
    expect(() => analyzerFor(BLOG, { models: { Leaderboard: { dependsOn: ['Usr'] } } })).toThrow(InvalidOptionError);
    expect(() => analyzerFor(BLOG, { models: { Nobody: { triggers: [] } } })).toThrow(/models\.Nobody/);
    expect(() => analyzer.readRaw({ text: 'SELECT 1', values: [] }, 'cache.models', ['Nobody'])).toThrow(
      /cache\.models/,
    );
    expect(() => analyzer.whole('models', ['constructor'])).toThrow(InvalidOptionError);
  });

  it('need not be complete for raw queries', () => {
    expect(rawTables(['User'], 'SELECT 1 FROM users JOIN public."Comment" c ON true')).toEqual(['Comment', 'users']);
    expect(rawTables(['User'], "SELECT 'Comment' FROM _posttotag")).toEqual(['_PostToTag', 'users']);
    const declared = analyzerFor(BLOG, { models: { Leaderboard: { dependsOn: ['User'] } } });
    expect(rawTables(['Tag'], 'SELECT * FROM "Leaderboard"', declared)).toEqual(
      expect.arrayContaining(['Leaderboard', 'users']),
    );
  });

  it('apply to every read that reaches a model that is never cached', () => {
    const declared = analyzerFor(BLOG, {
      models: { Comment: false, Leaderboard: { dependsOn: ['Comment'] } },
    });
    const reads: [string, string, unknown][] = [
      ['Comment', 'findMany', {}],
      ['Post', 'findUnique', { where: { id: 1 }, include: { comments: true } }],
      ['Post', 'findMany', { where: { comments: { some: {} } } }],
      ['Post', 'findMany', { orderBy: { comments: { _count: 'asc' } } }],
      ['Post', 'findMany', { include: { _count: true } }],
      ['Leaderboard', 'findMany', {}],
    ];

    for (const [model, operation, args] of reads) {
      expect(declared.read(model, operation, args)).toEqual({
        cacheable: false,
        reason: 'not-analysable: models.Comment is false',
      });
    }
    expect(declared.readRaw({ text: 'SELECT 1', values: [] }, 'models', ['Comment']).cacheable).toBe(false);
    expect(declared.readRaw({ text: 'SELECT 1 FROM "Comment"', values: [] }, 'models', ['Post']).cacheable).toBe(false);
    expect(declared.read('Post', 'findMany', {}).cacheable).toBe(true);
  });

  it('include the tables that link the models of raw queries', () => {
    expect(rawTables(['Post', 'users'], 'SELECT 1')).toEqual(['Post', '_PostToTag', 'users']);
    expect(analyzer.whole('models', ['Tag'])).toEqual([
      { kind: 'model', model: 'Tag', op: 'any' },
      { kind: 'model', model: '_PostToTag', op: 'any' },
    ]);
  });
});

describe('a client without the text of its schema', () => {
  const degraded = createAnalyzer(readSchema(textlessClientOf(BLOG)));

  it('still knows the tables that reads reach, and every table that may link them', () => {
    expect(tables('Post', 'findMany', { include: { tags: true } }, degraded)).toEqual(['Post', 'Tag', '_PostToTag']);
    expect(tables('User', 'findUnique', { where: { id: 1 }, include: { org: true } }, degraded)).toEqual([
      'Org',
      '_OrgToUser',
      'users',
    ]);
  });

  it('knows neither which tables in raw SQL are views nor what they read', () => {
    const sql = { text: 'SELECT id FROM users', values: [] };

    expect(degraded.readRaw(sql, 'models', undefined)).toEqual({
      cacheable: false,
      reason: 'not-analysable: schema-degraded: the client has no schema text',
    });
    expect(rawTables(['Tag'], sql.text, degraded)).toEqual(['Tag', '_PostToTag', 'users']);
  });
});

import { type Change, type Footprint, mayAffect } from '@cachetastic/core';
import { describe, expect, it } from 'vitest';
import type { Analyzer } from '../../../packages/prisma-extension/src/analysis/analyzer.js';
import { createAnalyzer } from '../../../packages/prisma-extension/src/analysis/schema-analyzer.js';
import { readSchema } from '../../../packages/prisma-extension/src/schema/read-schema.js';
import { analyzerFor, BLOG, textlessClientOf } from './blog-schema.js';

const analyzer = analyzerFor();

/** The changes in short: `users update {id:i:1} -> {id:i:1}`; `users any` for a whole table. */
function written(
  model: string,
  operation: string,
  args: unknown,
  result?: unknown,
  given: Analyzer = analyzer,
): readonly string[] {
  return given.write(model, operation, args, result).changes.map(short).toSorted();
}

function short(change: Change): string {
  if (change.kind !== 'model') return change.kind;
  const facts = (given: object | undefined): string =>
    given === undefined
      ? '?'
      : `{${Object.entries(given)
          .map(([column, value]) => `${column}=${value}`)
          .toSorted()
          .join(' ')}}`;
  const row = {
    create: facts(change.after),
    delete: facts(change.before),
    update: `${facts(change.before)}->${facts(change.after)}`,
    any: '',
  };
  return `${change.model} ${change.op} ${row[change.op]}`.trim();
}

const ADA = { id: 1, email: 'ada@x', name: 'Ada', orgId: null };

describe('writes of one row', () => {
  it.each<[string, string, string, unknown, unknown, readonly string[]]>([
    ['create, returned', 'User', 'create', { data: { email: 'ada@x' } }, ADA, ['users create {email=t:adax id=i:1}']],
    [
      'create, partly returned',
      'User',
      'create',
      { data: { email: 'ada@x' }, select: { id: true } },
      { id: 1 },
      ['users create {id=i:1}'],
    ],
    ['create, nothing returned', 'User', 'create', { data: { email: 'ada@x' } }, undefined, ['users create ?']],
    [
      'update by id',
      'User',
      'update',
      { where: { id: 1 }, data: { name: 'x' } },
      ADA,
      ['users update {id=i:1}->{email=t:adax id=i:1}'],
    ],
    [
      'update by id, nothing returned',
      'User',
      'update',
      { where: { id: 1 }, data: { name: 'x' } },
      undefined,
      ['users update {id=i:1}->{id=i:1}'],
    ],
    [
      'update by another unique column',
      'User',
      'update',
      { where: { email: 'ada@x' }, data: { name: 'x' } },
      { id: 1 },
      ['users update {id=i:1}->{id=i:1}'],
    ],
    [
      'update of the column it is found by',
      'User',
      'update',
      { where: { email: 'old' }, data: { email: 'ada@x' } },
      ADA,
      ['users update {id=i:1}->{email=t:adax id=i:1}'],
    ],
    [
      'update with set',
      'User',
      'update',
      { where: { id: 1 }, data: { email: { set: 'new' } } },
      undefined,
      ['users update {id=i:1}->{id=i:1}'],
    ],
    [
      'update in the database',
      'Post',
      'update',
      { where: { id: 1 }, data: { views: { increment: 1 } } },
      { id: 1, slug: 's', authorId: 2, title: 't' },
      ['Post update {id=i:1}->{authorId=i:2 id=i:1 slug=t:s title=t:t}'],
    ],
    [
      'upsert',
      'Org',
      'upsert',
      { where: { id: 1 }, create: { id: 1, code: 'a' }, update: { code: 'b' } },
      { id: 1, code: 'b' },
      ['Org create {code=t:b id=i:1}', 'Org update {id=i:1}->{code=t:b id=i:1}'],
    ],
    [
      'upsert, nothing returned',
      'Org',
      'upsert',
      { where: { id: 1 }, create: { id: 1, code: 'a' }, update: { code: 'b' } },
      undefined,
      ['Org create {id=i:1}', 'Org update {id=i:1}->{id=i:1}'],
    ],
    [
      'upsert that updates nothing',
      'Org',
      'upsert',
      { where: { id: 1 }, create: { id: 1, code: 'a' }, update: {} },
      undefined,
      ['Org create {id=i:1}'],
    ],
    ['delete by id', 'Comment', 'delete', { where: { id: 5n } }, undefined, ['Comment delete {id=i:5}']],
    [
      'delete by another unique column',
      'Tag',
      'delete',
      { where: { label: 'x' } },
      { id: 3, label: 'x' },
      ['Tag delete {id=i:3}', '_PostToTag any'],
    ],
    [
      'delete, nothing returned',
      'Tag',
      'delete',
      { where: { label: 'x' } },
      undefined,
      ['Tag delete ?', '_PostToTag any'],
    ],
  ])('%s', (_, model, operation, args, result, expected) => {
    expect(written(model, operation, args, result)).toEqual(expected);
  });
});

describe('writes of many rows', () => {
  it.each<[string, string, string, unknown, unknown, readonly string[]]>([
    [
      'createMany',
      'Org',
      'createMany',
      {
        data: [
          { id: 1, code: 'a' },
          { id: 2, code: 'b' },
        ],
      },
      { count: 2 },
      ['Org create {id=i:1}', 'Org create {id=i:2}'],
    ],
    ['createMany of one', 'User', 'createMany', { data: { email: 'a' } }, { count: 1 }, ['users create ?']],
    [
      'createManyAndReturn',
      'User',
      'createManyAndReturn',
      { data: [{ email: 'a' }, { email: 'b' }] },
      [
        { id: 1, email: 'a' },
        { id: 2, email: 'b' },
      ],
      ['users create {email=t:a id=i:1}', 'users create {email=t:b id=i:2}'],
    ],
    [
      'createManyAndReturn that skips duplicates',
      'User',
      'createManyAndReturn',
      { data: [{ email: 'a' }, { email: 'b' }], skipDuplicates: true },
      [{ id: 2 }],
      ['users create ?'],
    ],
    [
      'updateMany',
      'Comment',
      'updateMany',
      { where: { text: 'x' }, data: { text: 'y' } },
      { count: 2 },
      ['Comment any'],
    ],
    [
      'updateMany by id',
      'Comment',
      'updateMany',
      { where: { AND: [{ id: 1 }] }, data: { text: 'y' } },
      { count: 1 },
      ['Comment update {id=i:1}->{id=i:1}'],
    ],
    [
      'updateMany by an id among others',
      'Comment',
      'updateMany',
      { where: { OR: [{ id: 1 }, { id: 2 }] }, data: { text: 'y' } },
      { count: 2 },
      ['Comment any'],
    ],
    ['updateMany without conditions', 'Comment', 'updateMany', { data: { text: 'y' } }, { count: 2 }, ['Comment any']],
    [
      'updateManyAndReturn',
      'Comment',
      'updateManyAndReturn',
      { data: { text: 'y' } },
      [{ id: 1n }, { id: 2n }],
      ['Comment update {id=i:1}->{id=i:1}', 'Comment update {id=i:2}->{id=i:2}'],
    ],
    ['deleteMany', 'Comment', 'deleteMany', { where: { text: 'x' } }, { count: 2 }, ['Comment delete ?']],
    [
      'deleteMany by id',
      'Comment',
      'deleteMany',
      { where: { id: { equals: 1 } } },
      { count: 1 },
      ['Comment delete {id=i:1}'],
    ],
    [
      'deleteMany by ids',
      'Comment',
      'deleteMany',
      { where: { id: { in: [1, 2] } } },
      { count: 2 },
      ['Comment delete ?'],
    ],
    ['deleteMany of everything', 'Comment', 'deleteMany', undefined, { count: 2 }, ['Comment delete ?']],
  ])('%s', (_, model, operation, args, result, expected) => {
    expect(written(model, operation, args, result)).toEqual(expected);
  });

  it('are one change for each table from a hundred rows on', () => {
    const data = Array.from({ length: 200 }, (_, id) => ({ id, code: `c${id}` }));

    expect(written('Org', 'createMany', { data })).toEqual(['Org create ?']);
    expect(
      written('User', 'create', {
        data: { email: 'a', posts: { create: data.map(({ code }) => ({ slug: code, title: code })) } },
      }),
    ).toEqual(['Post create ?', 'users create ?']);
  });
});

describe('nested writes', () => {
  const update = (data: unknown, result?: unknown): readonly string[] =>
    written('User', 'update', { where: { id: 1 }, data }, result);
  const own = 'users update {id=i:1}->{id=i:1}';

  it.each<[string, unknown, readonly string[]]>([
    ['create', { posts: { create: { slug: 'a', title: 'b' } } }, ['Post create ?', own]],
    [
      'create, a list',
      {
        posts: {
          create: [
            { slug: 'a', title: 't' },
            { slug: 'b', title: 't' },
          ],
        },
      },
      ['Post create ?', own],
    ],
    ['createMany', { posts: { createMany: { data: [{ slug: 'a', title: 't' }] } } }, ['Post create ?', own]],
    ['connect', { posts: { connect: { id: 5 } } }, ['Post update {id=i:5}->{id=i:5}', own]],
    [
      'connect, a list',
      { posts: { connect: [{ id: 5 }, { id: 6 }] } },
      ['Post update {id=i:5}->{id=i:5}', 'Post update {id=i:6}->{id=i:6}', own],
    ],
    ['connect by another unique column', { posts: { connect: { slug: 'a' } } }, ['Post any', own]],
    [
      'connectOrCreate',
      { posts: { connectOrCreate: { where: { id: 5 }, create: { slug: 'a', title: 't' } } } },
      ['Post create ?', 'Post update {id=i:5}->{id=i:5}', own],
    ],
    ['disconnect', { comments: { disconnect: [{ id: 5 }] } }, ['Comment update {id=i:5}->{id=i:5}', own]],
    ['set', { comments: { set: [{ id: 5 }] } }, ['Comment any', own]],
    ['set to nothing', { comments: { set: [] } }, ['Comment any', own]],
    [
      'update',
      { posts: { update: { where: { id: 5 }, data: { title: 'x' } } } },
      ['Post update {id=i:5}->{id=i:5}', own],
    ],
    ['updateMany', { posts: { updateMany: { where: { views: 1 }, data: { views: 2 } } } }, ['Post any', own]],
    [
      'upsert',
      { posts: { upsert: { where: { id: 5 }, update: { views: 1 }, create: { slug: 'a', title: 't' } } } },
      ['Post create ?', 'Post update {id=i:5}->{id=i:5}', own],
    ],
    ['delete', { comments: { delete: { id: 5 } } }, ['Comment delete {id=i:5}', own]],
    [
      'delete, with its cascade',
      { posts: { delete: { id: 5 } } },
      ['Comment delete {postId=i:5}', 'Post delete {id=i:5}', '_PostToTag any', own],
    ],
    ['deleteMany', { comments: { deleteMany: {} } }, ['Comment delete ?', own]],
    ['no nested write', { posts: undefined, comments: { create: undefined } }, [own]],
  ])('change the other table if it holds the link: %s', (_, data, expected) => {
    expect(update(data)).toEqual(expected);
  });

  it.each<[string, unknown, readonly string[]]>([
    ['connect', { org: { connect: { id: 3 } } }, [own]],
    ['create', { org: { create: { id: 3, code: 'c' } } }, ['Org create {id=i:3}', own]],
    [
      'connectOrCreate',
      { org: { connectOrCreate: { where: { id: 3 }, create: { id: 3, code: 'c' } } } },
      ['Org create {id=i:3}', own],
    ],
    ['disconnect', { org: { disconnect: true } }, [own]],
    ['update', { org: { update: { code: 'c' } } }, ['Org any', own]],
    [
      'update with where',
      { org: { update: { where: { id: 3 }, data: { code: 'c' } } } },
      ['Org update {id=i:3}->{id=i:3}', own],
    ],
    ['upsert', { org: { upsert: { update: { code: 'c' }, create: { id: 3, code: 'c' } } } }, ['Org any', own]],
    ['delete', { org: { delete: true } }, ['Org delete ?', 'users any']],
    ['not delete', { org: { delete: false } }, [own]],
    ['the foreign key itself', { orgId: 3 }, [own]],
  ])('change this table if it holds the link: %s', (_, data, expected) => {
    expect(update(data)).toEqual(expected);
  });

  it.each<[string, unknown, readonly string[]]>([
    ['create', { profile: { create: { bio: 'x' } } }, ['Profile any', own]],
    ['connect', { profile: { connect: { userId: 9 } } }, ['Profile any', own]],
    ['disconnect', { profile: { disconnect: true } }, ['Profile any', own]],
    ['update', { profile: { update: { bio: 'x' } } }, ['Profile any', own]],
    ['update of a column called data', { profile: { update: { data: { theme: 'x' } } } }, ['Profile any', own]],
    ['delete', { profile: { delete: true } }, ['Profile delete ?', own]],
  ])('may replace another link on a one-to-one relation: %s', (_, data, expected) => {
    expect(update(data)).toEqual(expected);
  });

  it('replace nothing on a one-to-one relation under a new row', () => {
    expect(written('User', 'create', { data: { email: 'a', profile: { create: { bio: 'x' } } } }, { id: 1 })).toEqual([
      'Profile create ?',
      'users create {id=i:1}',
    ]);
  });

  it('may take a one-to-one link from another row if this table holds it', () => {
    expect(
      written('Profile', 'update', { where: { userId: 1 }, data: { user: { connect: { id: 2 } } } }, undefined),
    ).toEqual(['Profile any']);
  });

  it.each<[string, unknown, readonly string[]]>([
    ['create', { create: { id: 1, label: 'x' } }, ['Tag create {id=i:1}', '_PostToTag any']],
    ['connect', { connect: [{ id: 1 }] }, ['_PostToTag any']],
    [
      'connectOrCreate',
      { connectOrCreate: { where: { id: 1 }, create: { id: 1, label: 'x' } } },
      ['Tag create {id=i:1}', '_PostToTag any'],
    ],
    ['disconnect', { disconnect: { id: 1 } }, ['_PostToTag any']],
    ['set', { set: [] }, ['_PostToTag any']],
    ['update', { update: { where: { id: 1 }, data: { label: 'y' } } }, ['Tag update {id=i:1}->{id=i:1}']],
    ['delete', { delete: { id: 1 } }, ['Tag delete {id=i:1}', '_PostToTag any']],
    ['deleteMany', { deleteMany: { label: 'x' } }, ['Tag delete ?', '_PostToTag any']],
  ])('change the join table of a many-to-many relation: %s', (_, tags, expected) => {
    expect(written('Post', 'update', { where: { id: 1 }, data: { tags } })).toEqual(expected.toSorted());
  });

  it('reach any depth', () => {
    const data = {
      posts: {
        create: {
          slug: 's',
          title: 't',
          comments: { create: { text: 'x', author: { update: { org: { create: { id: 4, code: 'c' } } } } } },
        },
      },
    };

    expect(update(data)).toEqual(['Comment create ?', 'Org create {id=i:4}', 'Post create ?', 'users any']);
  });

  it('make values of the returned row uncertain if they may change that row again', () => {
    const data = { reports: { update: { where: { id: 2 }, data: { email: 'b' } } } };

    expect(update(data, { id: 1, email: 'b' })).toEqual([own, 'users update {id=i:2}->{id=i:2}']);
  });

  it('follow a link that is part of a key', () => {
    const args = {
      where: { id: 1 },
      data: { following: { connect: { followerId_followedId: { followerId: 8, followedId: 2 } } } },
    };

    expect(written('User', 'update', args)).toEqual([
      'Follow update {followedId=i:2 followerId=i:8}->{followedId=i:2}',
      own,
    ]);
  });
});

describe('the changes that the database makes itself', () => {
  it('delete and unlink the rows that reference a deleted row', () => {
    expect(written('User', 'delete', { where: { id: 1 } }, ADA)).toEqual([
      'Comment delete ?',
      'Comment update {authorId=i:1}->?',
      'Follow delete {followedId=i:1}',
      'Follow delete {followerId=i:1}',
      'Post delete {authorId=i:1}',
      'Profile delete {userId=i:1}',
      '_PostToTag any',
      'users delete {id=i:1}',
      'users update {managerId=i:1}->?',
    ]);
    expect(written('Org', 'deleteMany', {})).toEqual(['Org delete ?', 'users any']);
  });

  it('rename the rows that reference a changed key', () => {
    const changed = written('User', 'update', { where: { id: 1 }, data: { id: 2 } }, { ...ADA, id: 2 });

    expect(changed).toEqual([
      'Comment update {authorId=i:1}->?',
      'Follow update {followedId=i:1}->?',
      'Follow update {followerId=i:1}->?',
      'Post update {authorId=i:1}->?',
      'Profile update {userId=i:1}->?',
      'users update {id=i:1}->{email=t:adax id=i:2}',
      'users update {managerId=i:1}->?',
    ]);
    expect(written('Post', 'updateMany', { data: { id: { increment: 1 } } })).toEqual([
      'Comment any',
      'Post any',
      '_PostToTag any',
    ]);
  });

  it('follow keys that are foreign keys themselves, also in a circle', () => {
    const chain = analyzerFor(`
      model A { id Int @id
        b B? }
      model B { id Int @id
        a A @relation(fields: [id], references: [id], onDelete: Cascade)
        c C? }
      model C { id Int @id
        b B @relation(fields: [id], references: [id], onDelete: Cascade)
        nextId Int?
        next C? @relation("ring", fields: [nextId], references: [id], onDelete: Cascade)
        previous C[] @relation("ring") }`);

    expect(written('A', 'delete', { where: { id: 1 } }, undefined, chain)).toEqual([
      'A delete {id=i:1}',
      'B delete {id=i:1}',
      'C delete ?',
      'C delete {id=i:1}',
      'C delete {nextId=i:1}',
    ]);
    expect(written('A', 'update', { where: { id: 1 }, data: { id: 2 } }, undefined, chain)).toEqual([
      'A update {id=i:1}->{id=i:2}',
      'B update {id=i:1}->?',
      'C update {id=i:1}->?',
      'C update {nextId=i:1}->?',
    ]);
  });

  it('include those of declared triggers', () => {
    const declared = analyzerFor(BLOG, { models: { Comment: { triggers: ['Post'] }, Tag: { triggers: [] } } });

    expect(written('Comment', 'update', { where: { id: 1 }, data: { text: 'x' } }, { id: 1 }, declared)).toEqual([
      'Comment any',
      'Post any',
      '_PostToTag any',
    ]);
    expect(written('Tag', 'create', { data: { id: 1, label: 'x' } }, { id: 1, label: 'x' }, declared)).toEqual([
      'Tag any',
    ]);
    expect(written('Post', 'delete', { where: { id: 1 } }, undefined, declared)).toEqual([
      'Comment any',
      'Post any',
      '_PostToTag any',
    ]);
    expect(declared.write('Comment', 'deleteMany', {}, undefined).widened).toBeUndefined();
  });
});

describe('a write that cannot be analysed invalidates every table', () => {
  it.each<[string, string, string, unknown]>([
    ['an unknown operation', 'User', 'updateSomehow', { where: { id: 1 } }],
    ['an unknown model', 'Nobody', 'create', { data: {} }],
    ['an unknown field', 'User', 'update', { where: { id: 1 }, data: { friends: { create: {} } } }],
    ['an unknown nested operation', 'User', 'update', { where: { id: 1 }, data: { posts: { replace: {} } } }],
    ['malformed data', 'User', 'update', { where: { id: 1 }, data: 'x' }],
    ['malformed nested data', 'User', 'update', { where: { id: 1 }, data: { posts: { create: 'x' } } }],
  ])('because of %s', (_, model, operation, args) => {
    const { changes, widened } = analyzer.write(model, operation, args, undefined);

    expect(widened).toMatch(/^not-analysable: /);
    expect(changes.map(short)).toEqual(
      expect.arrayContaining(['users any', 'Post any', '_PostToTag any', 'Org any', 'Follow any']),
    );
  });

  it('a write without a schema invalidates everything', () => {
    expect(createAnalyzer(readSchema({})).write('User', 'create', { data: {} }, undefined).changes).toEqual([
      { kind: 'everything' },
    ]);
  });
});

describe('a write by a client without the text of its schema', () => {
  const degraded = createAnalyzer(readSchema(textlessClientOf(BLOG)));

  it('invalidates every connected table, and names the reason', () => {
    for (const [operation, args] of [
      ['delete', { where: { id: 1 } }],
      ['update', { where: { id: 1 }, data: { label: 'x' } }],
      ['create', { data: { id: 1, label: 'x', posts: { connect: { id: 1 } } } }],
    ] as const) {
      const { changes, widened } = degraded.write('Tag', operation, args, undefined);
      expect(changes.map(short)).toEqual(
        expect.arrayContaining(['Tag any', 'Post any', 'users any', 'Org any', '_PostToTag any']),
      );
      expect(widened).toMatch(/^schema-degraded: /);
    }
  });

  it('knows only the table of a new row', () => {
    expect(written('Tag', 'create', { data: { id: 1, label: 'x' } }, { id: 1 }, degraded)).toEqual(['Tag create ?']);
  });
});

describe('a row that Prisma selects by itself', () => {
  const mysql = analyzerFor(BLOG, {}, 'mysql');

  it('is certain only by its primary key before a delete with relations in its result', () => {
    const include = { posts: true };

    expect(written('Tag', 'delete', { where: { label: 'x' }, include }, { id: 3 })).toContain('Tag delete ?');
    expect(written('Tag', 'delete', { where: { id: 3 }, include }, { id: 3 })).toContain('Tag delete {id=i:3}');
  });

  it('is certain only by its primary key if the database returns nothing', () => {
    expect(
      written('Org', 'update', { where: { code: 'x' }, data: { code: 'x' } }, { id: 3, code: 'x' }, mysql),
    ).toEqual(['Org any']);
    expect(written('Org', 'update', { where: { id: 3 }, data: { code: 'x' } }, { id: 3, code: 'x' }, mysql)).toEqual([
      'Org update {id=i:3}->{code=t:x id=i:3}',
    ]);
    expect(written('Tag', 'delete', { where: { label: 'x' } }, { id: 3 }, mysql)).toContain('Tag delete ?');
  });
});

describe('arguments that Prisma.skip leaves out', () => {
  /** What `Prisma.skip` is made of, whatever a minifier called its class. */
  class Omitted {
    ifUndefined(): void {}
  }

  it('change nothing', () => {
    const skip = new Omitted();

    expect(
      written('User', 'update', { where: { id: 1 }, data: { id: skip, posts: skip, org: { create: skip } } }),
    ).toEqual(['users update {id=i:1}->{id=i:1}']);
  });
});

describe('a write on MySQL, which may store other values than it receives', () => {
  const mysql = analyzerFor(BLOG, {}, 'mysql');

  it('is certain only in returned values', () => {
    expect(written('Org', 'createMany', { data: [{ id: 1, code: 'a' }] }, undefined, mysql)).toEqual(['Org create ?']);
    expect(written('Org', 'create', { data: { id: 1, code: 'a' } }, { id: 1, code: 'a' }, mysql)).toEqual([
      'Org create {code=t:a id=i:1}',
    ]);
  });
});

describe('a read of one row', () => {
  const readOf = (model: string, where: unknown, value: unknown): Footprint => {
    const analysis = analyzer.read(model, 'findUnique', { where });
    return (analysis.cacheable ? analysis.narrow?.(value) : undefined) ?? expect.fail();
  };
  const affected = (footprint: Footprint, model: string, operation: string, args: unknown, result: unknown): boolean =>
    analyzer.write(model, operation, args, result).changes.some((change) => mayAffect(footprint, change));

  const byId = readOf('User', { id: 1 }, ADA);
  const byEmail = readOf('User', { email: 'ada@x' }, ADA);
  const missing = readOf('User', { email: 'bob@x' }, null);
  const BOB = { id: 2, email: 'bob@x', name: 'Bob' };

  it('is not affected by a write of another row', () => {
    for (const footprint of [byId, byEmail]) {
      expect(affected(footprint, 'User', 'update', { where: { id: 2 }, data: { name: 'x' } }, BOB)).toBe(false);
      expect(affected(footprint, 'User', 'create', { data: { email: 'bob@x' } }, BOB)).toBe(false);
      expect(
        affected(
          footprint,
          'User',
          'upsert',
          { where: { email: 'bob@x' }, update: { name: 'x' }, create: { email: 'bob@x' } },
          BOB,
        ),
      ).toBe(false);
    }
    expect(affected(byId, 'Comment', 'delete', { where: { id: 1 } }, undefined)).toBe(false);
  });

  it('is affected by a write of the same row', () => {
    for (const footprint of [byId, byEmail]) {
      expect(affected(footprint, 'User', 'update', { where: { id: 1 }, data: { name: 'x' } }, { id: 1 })).toBe(true);
      expect(
        affected(
          footprint,
          'User',
          'update',
          { where: { email: 'ada@x' }, data: { email: 'new@x' } },
          { ...ADA, email: 'new@x' },
        ),
      ).toBe(true);
      expect(affected(footprint, 'User', 'delete', { where: { id: 1 } }, ADA)).toBe(true);
      expect(affected(footprint, 'User', 'updateMany', { data: { name: 'x' } }, { count: 2 })).toBe(true);
    }
  });

  it('is affected by a new row if it found none', () => {
    expect(affected(missing, 'User', 'create', { data: { email: 'BOB@X' } }, { ...BOB, email: 'BOB@X' })).toBe(true);
    expect(
      affected(missing, 'User', 'update', { where: { id: 1 }, data: { email: 'bob@x' } }, { ...ADA, email: 'bob@x' }),
    ).toBe(true);
    expect(affected(missing, 'User', 'create', { data: { email: 'eve@x' } }, { id: 3, email: 'eve@x' })).toBe(false);
  });
});

describe('applications that describe one table differently', () => {
  const textOf = (id: string, schema: string) => `
    model Account {
      id   ${id}
      name String
      @@map("accounts")
      ${schema}
    }`;
  const id = '3f2b8c1e-9d4a-4e6f-8a1b-2c3d4e5f6a7b';

  it.each([
    ['with its schema and without', textOf('String @id', ''), textOf('String @id', '@@schema("public")')],
    ['by another type of its key', textOf('String @id', ''), textOf('String @id @db.Uuid', '')],
  ])('invalidate each other: %s', (_, one, other) => {
    for (const [reading, writing] of [
      [analyzerFor(one), analyzerFor(other)],
      [analyzerFor(other), analyzerFor(one)],
    ] as const) {
      const analysis = reading.read('Account', 'findUnique', { where: { id } });
      const footprint = (analysis.cacheable ? analysis.narrow?.({ id, name: 'a' }) : undefined) ?? expect.fail();
      const { changes } = writing.write('Account', 'update', { where: { id }, data: { name: 'b' } }, { id, name: 'b' });

      expect(changes.some((change) => mayAffect(footprint, change))).toBe(true);
    }
  });
});

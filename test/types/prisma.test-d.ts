import { type CachetasticClient, cachetastic } from '@cachetastic/prisma-extension';
import { Prisma as Define } from '@prisma/client/extension';
import { expectTypeOf, it } from 'vitest';
import type { Prisma, PrismaClient } from '../fixtures/blog/generated/client/client.js';

declare const base: PrismaClient;
declare const discreet: PrismaClient<never, { user: { email: true }; post: { slug: true } }>;

const native = base.$extends({});
const db = base.$extends(cachetastic());

it('reads have the same results with and without cache', () => {
  const where = { id: 1 };
  expectTypeOf(db.user.findUnique({ where, cache: 60 }).then((x) => x)).toEqualTypeOf(
    native.user.findUnique({ where }).then((x) => x),
  );
  expectTypeOf(
    db.user.findUniqueOrThrow({ where, include: { posts: true, _count: true }, cache: true }).then((x) => x),
  ).toEqualTypeOf(native.user.findUniqueOrThrow({ where, include: { posts: true, _count: true } }).then((x) => x));
  expectTypeOf(db.user.findFirst({ omit: { email: true }, cache: '5m' }).then((x) => x)).toEqualTypeOf(
    native.user.findFirst({ omit: { email: true } }).then((x) => x),
  );
  expectTypeOf(db.user.findFirstOrThrow({ select: { name: true }, cache: {} }).then((x) => x)).toEqualTypeOf(
    native.user.findFirstOrThrow({ select: { name: true } }).then((x) => x),
  );
  const include = { author: { select: { org: true } }, comments: { include: { author: true } }, tags: true } as const;
  expectTypeOf(db.post.findMany({ where, include, cache: { ttl: 60, swr: '5m' } }).then((x) => x)).toEqualTypeOf(
    native.post.findMany({ where, include }).then((x) => x),
  );
  expectTypeOf(db.post.findMany().then((x) => x)).toEqualTypeOf(native.post.findMany().then((x) => x));
  expectTypeOf(db.post.count({ where, cache: true }).then((x) => x)).toEqualTypeOf(
    native.post.count({ where }).then((x) => x),
  );
  expectTypeOf(db.post.count({ select: { _all: true, slug: true }, cache: true }).then((x) => x)).toEqualTypeOf(
    native.post.count({ select: { _all: true, slug: true } }).then((x) => x),
  );
  expectTypeOf(db.post.aggregate({ _sum: { views: true }, _count: true, cache: true }).then((x) => x)).toEqualTypeOf(
    native.post.aggregate({ _sum: { views: true }, _count: true }).then((x) => x),
  );
  expectTypeOf(db.post.groupBy({ by: ['authorId'], _max: { views: true }, cache: true }).then((x) => x)).toEqualTypeOf(
    native.post.groupBy({ by: ['authorId'], _max: { views: true } }).then((x) => x),
  );
});

it('writes have the same results with and without tags to invalidate', () => {
  const where = { id: 1 };
  const data = { email: 'a', name: 'b' };
  const cache = { tags: ['team'] };
  expectTypeOf(db.user.create({ data, select: { id: true }, cache }).then((x) => x)).toEqualTypeOf(
    native.user.create({ data, select: { id: true } }).then((x) => x),
  );
  expectTypeOf(db.user.createMany({ data, cache }).then((x) => x)).toEqualTypeOf(
    native.user.createMany({ data }).then((x) => x),
  );
  expectTypeOf(db.user.createManyAndReturn({ data, cache }).then((x) => x)).toEqualTypeOf(
    native.user.createManyAndReturn({ data }).then((x) => x),
  );
  expectTypeOf(db.user.update({ where, data, include: { org: true }, cache }).then((x) => x)).toEqualTypeOf(
    native.user.update({ where, data, include: { org: true } }).then((x) => x),
  );
  expectTypeOf(db.user.updateMany({ data, cache }).then((x) => x)).toEqualTypeOf(
    native.user.updateMany({ data }).then((x) => x),
  );
  expectTypeOf(db.user.updateManyAndReturn({ data, cache }).then((x) => x)).toEqualTypeOf(
    native.user.updateManyAndReturn({ data }).then((x) => x),
  );
  expectTypeOf(db.user.upsert({ where, create: data, update: {}, cache }).then((x) => x)).toEqualTypeOf(
    native.user.upsert({ where, create: data, update: {} }).then((x) => x),
  );
  expectTypeOf(db.user.delete({ where, cache }).then((x) => x)).toEqualTypeOf(
    native.user.delete({ where }).then((x) => x),
  );
  expectTypeOf(db.user.deleteMany({ cache }).then((x) => x)).toEqualTypeOf(native.user.deleteMany().then((x) => x));
});

it('the fluent API can be chained as far as without a cache', () => {
  const where = { id: 1 };
  expectTypeOf(
    db.user
      .findUnique({ where, cache: 60 })
      .posts()
      .then((x) => x),
  ).toEqualTypeOf(
    native.user
      .findUnique({ where })
      .posts()
      .then((x) => x),
  );
  expectTypeOf(
    db.user
      .findUnique({ where })
      .posts({ select: { slug: true } })
      .then((x) => x),
  ).toEqualTypeOf(
    native.user
      .findUnique({ where })
      .posts({ select: { slug: true } })
      .then((x) => x),
  );
  expectTypeOf(
    db.post
      .findUnique({ where })
      .author()
      .org()
      .then((x) => x),
  ).toEqualTypeOf(
    native.post
      .findUnique({ where })
      .author()
      .org()
      .then((x) => x),
  );
  expectTypeOf(
    db.post
      .create({ data: { slug: '', title: '', authorId: 1 } })
      .author()
      .then((x) => x),
  ).toEqualTypeOf(
    native.post
      .create({ data: { slug: '', title: '', authorId: 1 } })
      .author()
      .then((x) => x),
  );
  // @ts-expect-error no such relation
  db.post.findUnique({ where }).nothing();
  // @ts-expect-error no such column
  db.user.findUnique({ where }).posts({ select: { nothing: true } });
});

it('a global omit and computed fields stay in the types', () => {
  const nativeDiscreet = discreet.$extends({});
  const cached = discreet.$extends(cachetastic());
  expectTypeOf(cached.user.findMany({ include: { posts: true }, cache: true }).then((x) => x)).toEqualTypeOf(
    nativeDiscreet.user.findMany({ include: { posts: true } }).then((x) => x),
  );
  expectTypeOf(cached.user.findFirst({ omit: { email: false }, cache: true }).then((x) => x)).toEqualTypeOf(
    nativeDiscreet.user.findFirst({ omit: { email: false } }).then((x) => x),
  );
  cached.user.findFirstOrThrow({ cache: true }).then((user) => {
    // @ts-expect-error omitted by the client
    user.email;
  });

  const shout = Define.defineExtension({
    result: { user: { shout: { needs: { name: true }, compute: ({ name }: { name: string }) => `${name}!` } } },
  });
  const before = base.$extends(shout).$extends(cachetastic());
  const after = base.$extends(cachetastic()).$extends(shout);
  expectTypeOf(
    before.user.findFirstOrThrow({ cache: true }).then(({ shout }) => shout),
  ).resolves.toEqualTypeOf<string>();
  expectTypeOf(
    after.user.findFirstOrThrow({ cache: true }).then(({ shout }) => shout),
  ).resolves.toEqualTypeOf<string>();
});

it('batches and transactions compile', () => {
  const batch = db.$transaction([db.user.findMany({ cache: true }), db.post.count({ cache: 3 }), db.user.deleteMany()]);
  expectTypeOf(batch).resolves.toEqualTypeOf<[Awaited<ReturnType<typeof users>>, number, Prisma.BatchPayload]>();
  db.$transaction(async (tx) => {
    await tx.user.findMany({ cache: true });
    await tx
      .$cached(true)
      .user.findUnique({ where: { id: 1 } })
      .posts();
  });
});

const users = () => native.user.findMany();

it('CachetasticClient is the type of an extended client', () => {
  expectTypeOf<CachetasticClient<PrismaClient>>().toEqualTypeOf(db);
  expectTypeOf<CachetasticClient<typeof discreet>>().toEqualTypeOf(discreet.$extends(cachetastic()));
  const shouting = base.$extends({
    result: { user: { shout: { needs: { name: true }, compute: ({ name }: { name: string }) => `${name}!` } } },
  });
  expectTypeOf<CachetasticClient<typeof shouting>>().toEqualTypeOf(shouting.$extends(cachetastic()));

  const annotated: CachetasticClient<PrismaClient> = db;
  expectTypeOf(annotated.user.findFirstOrThrow({ select: { id: true }, cache: '5m' }).then((x) => x)).toEqualTypeOf(
    native.user.findFirstOrThrow({ select: { id: true } }).then((x) => x),
  );
  // @ts-expect-error a misspelt option
  annotated.user.findMany({ cache: { tll: 5 } });
});

it('$cached keeps the type of the client', () => {
  expectTypeOf(db.$cached({ ttl: 5, tags: ['a'], models: ['User'] })).toEqualTypeOf(db);
  expectTypeOf(db.$cached('5m')).toEqualTypeOf(db);
});

it('wrong arguments and options are rejected', () => {
  const where = { id: 1 } satisfies Prisma.UserWhereUniqueInput;
  // @ts-expect-error a misspelt option
  db.user.findMany({ cache: { tll: 5 } });
  // @ts-expect-error not a duration
  db.user.findMany({ cache: 'long' });
  // @ts-expect-error not a list
  db.user.findMany({ cache: { tags: 'a' } });
  // @ts-expect-error a misspelt column
  db.user.findMany({ where: { nope: 1 }, cache: true });
  // @ts-expect-error a misspelt relation
  db.user.findMany({ include: { pots: true }, cache: true });
  // @ts-expect-error a write is not cached
  db.user.delete({ where, cache: true });
  // @ts-expect-error nor has it a ttl
  db.user.delete({ where, cache: { ttl: 5 } });
  // @ts-expect-error which one?
  db.user.findUnique({ cache: true });
  // @ts-expect-error a misspelt option
  db.$cached({ tll: 5 });
  // @ts-expect-error a misspelt option
  cachetastic({ tll: 5 });
  // @ts-expect-error not a mode
  cachetastic({ mode: 'some' });
});

import { relationsOf, type Schema } from '@cachetastic/core/sql';
import { PrismaPg } from '@prisma/adapter-pg';
import { describe, expect, it } from 'vitest';
import { readSchema } from '../../../packages/prisma-extension/src/schema/read-schema.js';
import { PrismaClient } from '../../fixtures/blog/generated/client/client.js';
import { PrismaClient as PrismaClient6 } from '../../prisma-6/generated/client/client.js';
import { BLOG, clientOf, schemaFrom, textlessClientOf } from '../analysis/blog-schema.js';

/** Never connects: only the client's knowledge of its schema is looked at. */
const adapter = new PrismaPg({ connectionString: 'postgresql://nobody@127.0.0.1:1/none' });

describe.each([
  ['7', () => new PrismaClient({ adapter })],
  ['6', () => new PrismaClient6({ adapter })],
] as const)('the schema of a client of Prisma %s', (_, makeClient) => {
  const schema = readSchema(makeClient());

  it('is read completely', () => {
    expect(schema.degraded).toBeUndefined();
    expect(schema.provider).toBe('postgresql');
    expect(schema.models.get('Post')).toMatchObject({ table: 'posts', id: ['id'], isView: false });
    expect(schema.models.get('Post')?.uniques).toEqual([['id'], ['slug'], ['authorId', 'title']]);
    expect(schema.models.get('Membership')?.id).toEqual(['userId', 'orgId']);
    expect(schema.models.get('PostStats')).toMatchObject({ table: 'post_stats', isView: true });
    expect(schema.models.get('Post')?.fields.get('authorId')).toMatchObject({
      column: 'author_id',
      comparable: 'integer',
    });
    expect(schema.models.get('Everything')?.fields.get('uuid')).toMatchObject({ comparable: 'uuid' });
  });

  it('contains where links are stored', () => {
    expect([...schema.joinTables]).toEqual([['_PostToTag', ['Post', 'Tag']]]);
    const links = relationsOf(schema.models.get('User') ?? expect.fail()).map(({ name, link, isOneToOne }) => [
      name,
      link,
      isOneToOne,
    ]);
    expect(links).toEqual([
      ['org', 'here', false],
      ['profile', 'there', true],
      ['posts', 'there', false],
      ['reviews', 'there', false],
      ['comments', 'there', false],
      ['memberships', 'there', false],
    ]);
  });

  it('contains what the database does to rows that reference others', () => {
    expect(actions(schema, 'Post')).toEqual([
      ['User', 'Cascade', 'Cascade'],
      ['User', 'SetNull', 'Cascade'],
      ['Category', 'Restrict', 'Cascade'],
    ]);
    expect(actions(schema, 'Category')).toEqual([['Category', 'SetNull', 'NoAction']]);
  });

  it('is the same through an extended client', () => {
    expect(readSchema(makeClient().$extends({})).fingerprint).toBe(schema.fingerprint);
  });
});

describe('a parsed schema', () => {
  it('has default referential actions: SetNull if optional, Restrict if required, Cascade for updates', () => {
    const schema = schemaFrom(`
      model A { id Int @id
        bs B[]
        cs C[] }
      model B { id Int @id
        aId Int
        a A @relation(fields: [aId], references: [id]) }
      model C { id Int @id
        aId Int?
        a A? @relation(fields: [aId], references: [id]) }`);

    expect(actions(schema, 'B')).toEqual([['A', 'Restrict', 'Cascade']]);
    expect(actions(schema, 'C')).toEqual([['A', 'SetNull', 'Cascade']]);
  });

  it('may contain comments, strings with quotes, attributes over several lines, unsupported types', () => {
    const schema = schemaFrom(`
      /* a block
         model No { id Int @id } */
      model A {
        id   Int @id /// trailing
        text String @default("a \\"quoted\\" // } model B {")
        shape Unsupported("geometry(Point, 4326)")?
        big  BigInt @default(-1) @map("big-column")
        @@unique(fields: [id, big(sort: Desc)], name: "key", map: "x")
        @@index([text(ops: raw("gin_trgm_ops"))], type: Gin)
      }`);

    expect(schema.degraded).toBeUndefined();
    expect(schema.models.get('A')?.uniques).toEqual([['id'], ['id', 'big']]);
    expect(schema.models.get('A')?.fields.get('big')).toMatchObject({ column: 'big-column' });
  });

  it('names tables without their database schema', () => {
    const schema = schemaFrom(`
      model A { id Int @id
        @@map("as")
        @@schema("audit") }`);

    expect(schema.models.get('A')).toMatchObject({ table: 'as' });
  });

  it('keeps models that the client ignores, because cascades pass through them', () => {
    const schema = schemaFrom(`
      model A { id Int @id
        bs B[] @ignore }
      model B { id Int @id
        aId Int
        a A @relation(fields: [aId], references: [id], onDelete: Cascade)
        @@ignore }`);

    expect(schema.degraded).toBeUndefined();
    expect(actions(schema, 'B')).toEqual([['A', 'Cascade', 'Cascade']]);
  });

  it.each([
    ['Int', 'integer'],
    ['BigInt', 'integer'],
    ['Boolean', 'boolean'],
    ['String', 'text'],
    ['String @db.Citext', 'text'],
    ['String @db.Char(3)', 'text'],
    ['String @db.Uuid', 'uuid'],
    ['String @db.Inet', undefined],
    ['String @db.Bit(3)', undefined],
    ['String @db.Xml', undefined],
    ['Decimal', undefined],
    ['Float', undefined],
    ['DateTime', undefined],
    ['Bytes', undefined],
    ['Json', undefined],
    ['Int[]', undefined],
    ['Kind', undefined],
  ])('states that values of type %s are compared as %s', (type, comparable) => {
    const schema = schemaFrom(`enum Kind { A }\nmodel M {\n id Int @id\n c ${type}\n}`);

    expect(schema.models.get('M')?.fields.get('c')).toMatchObject({ comparable });
  });

  it.each(['mysql', 'sqlite'])(
    'does not state how a Boolean of %s is compared, whose column may hold 5',
    (provider) => {
      const schema = schemaFrom('model M {\n id Int @id\n c Boolean\n}', provider);

      expect(schema.models.get('M')?.fields.get('c')).toMatchObject({ comparable: undefined });
    },
  );

  it.each([
    ['gen_random_uuid()', false],
    ['public.uuid_generate_v4()', false],
    ['lower(title)', true],
    ["title || 'x'", true],
  ])('distinguishes a default from a generated column: %s', (expression, derived) => {
    const schema = schemaFrom(`model M {\n id String @id @default(dbgenerated("${expression}"))\n title String\n}`);

    expect(schema.models.get('M')?.fields.get('id')).toMatchObject({ derived });
  });
});

describe('a schema that cannot be read completely', () => {
  it.each([
    ['no schema text', textlessClientOf(BLOG)],
    ['a text that is not a schema', { ...Object(clientOf(BLOG)), _engineConfig: { inlineSchema: 'model User {' } }],
    [
      'the text of another schema',
      { ...Object(clientOf(BLOG)), _engineConfig: { inlineSchema: 'model User { id Int @id }' } },
    ],
    [
      'a text with another column name',
      { ...Object(clientOf(BLOG)), _engineConfig: { inlineSchema: BLOG.replace('@map("org_id")', '@map("org")') } },
    ],
  ])('has models, but neither keys nor cascades: %s', (_, client) => {
    const schema = readSchema(client);

    expect(schema.degraded).toMatch(/^schema-degraded: /);
    expect(schema.references).toBeUndefined();
    expect(schema.models.get('User')).toMatchObject({ table: 'users', id: undefined, uniques: [] });
  });

  it.each([
    ['no data model', {}],
    ['a data model of another form', { _runtimeDataModel: { models: { User: { fields: 'none' } } } }],
    ['no client at all', undefined],
  ])('has no models: %s', (_, client) => {
    const schema = readSchema(client);

    expect(schema.degraded).toMatch(/^schema-unreadable: /);
    expect(schema.models.size).toBe(0);
  });
});

it('the fingerprint of a schema changes with the schema', () => {
  const fingerprint = schemaFrom(BLOG).fingerprint;

  expect(schemaFrom(BLOG).fingerprint).toBe(fingerprint);
  expect(schemaFrom(BLOG.replace('full_name', 'nick')).fingerprint).not.toBe(fingerprint);
  expect(schemaFrom(BLOG, 'mysql').fingerprint).not.toBe(fingerprint);
});

function actions(schema: Schema, child: string): readonly (readonly string[])[] {
  return (schema.references ?? [])
    .filter((reference) => reference.child === child)
    .map(({ parent, onDelete, onUpdate }) => [parent, onDelete, onUpdate]);
}

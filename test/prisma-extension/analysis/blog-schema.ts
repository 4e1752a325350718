import type { Schema } from '@cachetastic/core/sql';
import type { Analyzer } from '../../../packages/prisma-extension/src/analysis/analyzer.js';
import {
  type AnalyzerOptions,
  createAnalyzer,
} from '../../../packages/prisma-extension/src/analysis/schema-analyzer.js';
import { readSchema } from '../../../packages/prisma-extension/src/schema/read-schema.js';
import { parseSchemaText } from '../../../packages/prisma-extension/src/schema/schema-text.js';

/** Users, profiles (1-1), posts, comments, tags (implicit m-n), organisations (SetNull), follows (explicit m-n, compound key). */
export const BLOG = `
generator client {
  provider = "prisma-client"
  output   = "./generated"
}

datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL") // a comment with { braces }
}

enum Role {
  USER
  ADMIN @map("admin")
  @@map("roles")
}

/// Somebody who writes. model Fake { id Int @id }
model User {
  id        Int       @id @default(autoincrement())
  email     String    @unique @db.VarChar(200)
  name      String?   @map("full_name")
  role      Role      @default(USER)
  score     Decimal   @default(0)
  orgId     Int?      @map("org_id")
  org       Org?      @relation(fields: [orgId], references: [id])
  managerId Int?
  manager   User?     @relation("Management", fields: [managerId], references: [id])
  reports   User[]    @relation("Management")
  profile   Profile?
  posts     Post[]
  comments  Comment[]
  following Follow[]  @relation("follower")
  followers Follow[]  @relation("followed")
  createdAt DateTime  @default(now())
  updatedAt DateTime  @updatedAt

  @@index([name(sort: Desc)], map: "by_name")
  @@map("users")
}

model Profile {
  id     String  @id @default(uuid()) @db.Uuid
  bio    String  @default("says \\"hi\\" // not a comment")
  data   Json?
  userId Int     @unique
  user   User    @relation(fields: [userId], references: [id], onDelete: Cascade)
}

model Post {
  id       Int       @id @default(autoincrement())
  slug     String    @unique
  title    String
  views    Int       @default(0)
  authorId Int
  author   User      @relation(
    fields: [authorId],
    references: [id],
    onDelete: Cascade
  )
  comments Comment[]
  tags     Tag[]

  @@unique([authorId, title], name: "authorTitle", map: "post_author_title")
}

model Comment {
  id       BigInt  @id @default(autoincrement())
  text     String
  postId   Int
  post     Post    @relation(fields: [postId], references: [id], onDelete: Cascade)
  authorId Int?
  author   User?   @relation(fields: [authorId], references: [id], onDelete: SetNull)
}

model Tag {
  id    Int    @id
  label String @unique @db.Citext
  posts Post[]
}

model Org {
  id    Int     @id
  code  String  @unique
  users User[]
}

model Follow {
  followerId Int
  followedId Int
  note       String?
  follower   User @relation("follower", fields: [followerId], references: [id], onDelete: Cascade)
  followed   User @relation("followed", fields: [followedId], references: [id], onDelete: Cascade)

  @@id([followerId, followedId])
}

view Leaderboard {
  id    Int @unique
  total Int
}
`;

/** A client as far as the analysis looks at it, with the data model that Prisma would have generated from `text`. */
export function clientOf(text: string, provider = 'postgresql'): unknown {
  const parsed = parseSchemaText(text);
  const names = new Set(parsed.models.map((model) => model.name));
  const models: Record<string, unknown> = {};
  for (const model of parsed.models) {
    if (model.attributes.some(({ name }) => name === 'ignore')) continue;
    const mapped = model.attributes.find(({ name }) => name === 'map')?.values.get('0');
    const schema = model.attributes.find(({ name }) => name === 'schema')?.values.get('0');
    models[model.name] = {
      dbName: mapped ?? null,
      ...(schema === undefined ? {} : { schema }),
      fields: model.fields.map((field) => {
        if (!names.has(field.type)) {
          const column = field.attributes.find(({ name }) => name === 'map')?.values.get('0');
          return {
            name: field.name,
            kind: 'scalar',
            type: field.type,
            ...(column === undefined ? {} : { dbName: column }),
          };
        }
        const given = field.attributes.find(({ name }) => name === 'relation')?.values;
        const relationName = given?.get('name') ?? given?.get('0') ?? [model.name, field.type].toSorted().join('To');
        return { name: field.name, kind: 'object', type: field.type, relationName };
      }),
    };
  }
  return {
    _runtimeDataModel: { models, enums: {}, types: {} },
    _engineConfig: { inlineSchema: text, activeProvider: provider },
  };
}

export function schemaFrom(text: string, provider?: string): Schema {
  return readSchema(clientOf(text, provider));
}

export function analyzerFor(text: string = BLOG, options: AnalyzerOptions = {}, provider?: string): Analyzer {
  return createAnalyzer(schemaFrom(text, provider), options);
}

export function textlessClientOf(text: string): unknown {
  const client = clientOf(text);
  return typeof client === 'object' ? { ...client, _engineConfig: { activeProvider: 'postgresql' } } : client;
}

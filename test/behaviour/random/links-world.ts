import { readFileSync } from 'node:fs';
import { cachetastic } from '@cachetastic/prisma-extension';
import { PrismaPg } from '@prisma/adapter-pg';
import { Prisma, PrismaClient } from '../../fixtures/links/generated/client/client.js';
import { sortedText } from '../../support/exact-text.js';
import { anyCachedClient, anyClient } from './perform.js';
import type { Statements } from './raw-writes.js';
import { type ColumnShape, lists, many, mayTo, one, type Shape, text, to, unique } from './shape.js';
import type { World } from './world.js';

const IDS = [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6];
const number: ColumnShape = { type: 'int', values: [1, 1, 2, 2, 3] };
const id: ColumnShape = { type: 'int', values: IDS, fresh: [5, 6, 7, 8, 9, 10], optional: true, unchecked: true };
const mayKeyTo: ColumnShape = { type: 'int', values: IDS, unchecked: true, nullable: true, optional: true };
const email = unique('a', 'b', 'c', 'A');

const SHAPE: Shape = {
  person: {
    columns: {
      id,
      email,
      age: { ...number, optional: true },
      bestId: mayKeyTo,
      bossEmail: { ...text('a', 'b', 'c', 'A'), unchecked: true, nullable: true, optional: true },
    },
    keys: [['id'], ['email'], ['bestId']],
    relations: {
      best: mayTo('person', 'bestOf', 'bestId'),
      bestOf: one('person', 'best', 'bestId'),
      boss: mayTo('person', 'team', 'bossEmail'),
      team: many('person', 'boss', 'bossEmail'),
      friends: lists('person', 'friendOf'),
      friendOf: lists('person', 'friends'),
      badge: one('badge', 'person', 'personId'),
      desk: one('desk', 'person', 'personId'),
    },
  },
  badge: {
    columns: { code: unique('x', 'y', 'z'), level: { ...number, optional: true }, personId: mayKeyTo },
    keys: [['code'], ['personId']],
    relations: { person: mayTo('person', 'badge', 'personId') },
  },
  room: {
    columns: { floor: number, number, name: unique('red', 'green', 'Red') },
    keys: [['floor', 'number'], ['name']],
    relations: { desks: many('desk', 'room', 'floor', 'number') },
  },
  desk: {
    columns: {
      id,
      label: text('left', 'right', 'Left'),
      floor: { ...number, unchecked: true, nullable: true, optional: true },
      number: { ...number, unchecked: true, nullable: true, optional: true },
      personId: { type: 'int', values: IDS, unchecked: true, optional: true },
    },
    keys: [['id'], ['personId'], ['floor', 'label']],
    relations: { room: mayTo('room', 'desks', 'floor', 'number'), person: to('person', 'desk', 'personId') },
  },
};

const STATEMENTS: Statements = [
  (of) => `UPDATE people SET id = id + 10 WHERE id = ${of()}`,
  (of) => `UPDATE people SET email = 'moved' WHERE id = ${of()}`,
  (of) => `UPDATE people p SET age = q.age + 1 FROM people q WHERE q.id = p.best_id AND q.id = ${of()}`,
  (of) => `DELETE FROM people WHERE id = ${of()}`,
  (of) => `UPDATE rooms SET number = number + 1 WHERE floor = ${of()}`,
  (of) => `DELETE FROM rooms WHERE number = ${of()}`,
  (of) => `INSERT INTO _friends ("A", "B") VALUES (${of()}, ${of()}) ON CONFLICT DO NOTHING`,
  (of) => `UPDATE badges SET person_id = ${of()} WHERE person_id IS NULL`,
  (of) => `UPDATE desks SET floor = 1, number = ${of()} WHERE id = ${of()}`,
];

const ROWS = `
TRUNCATE people, _friends, badges, rooms, desks RESTART IDENTITY;
INSERT INTO people (email, age, best_id, boss_email) VALUES
  ('a', 1, 2, NULL), ('b', 2, NULL, 'a'), ('c', 3, 1, 'a'), ('A', 1, 4, 'b');
INSERT INTO _friends VALUES (1, 2), (2, 1), (1, 3), (4, 4);
INSERT INTO badges VALUES ('x', 1, 1), ('y', 2, NULL), ('z', 3, 3);
INSERT INTO rooms VALUES (1, 1, 'red'), (1, 2, 'green'), (2, 1, 'Red');
INSERT INTO desks (label, floor, number, person_id) VALUES ('left', 1, 1, 1), ('right', 1, 1, 2), ('left', 2, 1, 3);
`;

/** The tables of test/fixtures/links. */
export const LINKS_WORLD: World = {
  name: 'links',
  shape: SHAPE,
  statements: STATEMENTS,
  tables: readFileSync(new URL('../../fixtures/links/schema.sql', import.meta.url), 'utf8'),
  rows: ROWS,
  open(url) {
    const open = (): PrismaClient => new PrismaClient({ adapter: new PrismaPg({ connectionString: url }) });
    const plain = open();
    const base = open();
    const cached = base.$extends(cachetastic());
    return {
      plain: anyClient(plain),
      cached: anyCachedClient(cached),
      textOf: (value) => sortedText(value, Prisma.Decimal),
      close: async () => {
        await plain.$disconnect();
        await cached.$cache.close();
        await base.$disconnect();
      },
    };
  },
};

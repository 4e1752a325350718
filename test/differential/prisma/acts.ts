import { inspect } from 'node:util';
import { Dice } from '../../behaviour/random/dice.js';
import { Filters } from '../../behaviour/random/filters.js';
import { anyClient, ask, perform } from '../../behaviour/random/perform.js';
import { type RawStatements, rawArguments } from '../../behaviour/random/raw-writes.js';
import { Reads } from '../../behaviour/random/reads.js';
import type { Shape } from '../../behaviour/random/shape.js';
import { Writes } from '../../behaviour/random/writes.js';
import type { Act } from '../world.js';
import type { RawQuery } from './parameters.js';

/** Makes a random read of Prisma of `seed`. */
export function readOf(shape: Shape, raw: readonly ((id: () => number) => RawQuery)[], seed: number): Act {
  const dice = new Dice(seed);
  if (dice.chance(0.15)) {
    const query = dice.pick(raw)(() => dice.int(1, 5));
    const method = typeof query.sql === 'string' || dice.chance(0.5) ? '$queryRawUnsafe' : '$queryRaw';
    return rawAct(query, method, dice.chance(0.3));
  }
  const read = new Reads(new Filters(dice, shape)).read();
  return { text: () => show(read), run: (db) => ask(anyClient(db), read) };
}

/** Makes a random write of Prisma of `seed`. */
export function writeOf(shape: Shape, statements: RawStatements, seed: number): Act {
  const filters = new Filters(new Dice(seed), shape);
  const write = new Writes(filters, new Reads(filters), statements).write();
  return { text: () => show(write), run: (db) => perform(anyClient(db), write) };
}

/** @param declares - Whether the models are named, or the SQL alone says what it reads. */
function rawAct({ sql, models }: RawQuery, method: '$queryRaw' | '$queryRawUnsafe', declares: boolean): Act {
  return {
    text: () => `${method}(${show(sql)})${declares ? `, models ${models.join(', ')}` : ''}`,
    options: declares ? { models } : {},
    run: (db) => Reflect.apply(Reflect.get(db, method), db, [...rawArguments(method, sql)]),
  };
}

function show(value: unknown): string {
  return inspect(value, { depth: null, breakLength: 160, compact: 20 });
}

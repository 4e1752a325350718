import { describe, expect, it } from 'vitest';
import { parseSql } from '../../../packages/core/src/sql/parsed-sql.js';
import { equalitiesIn } from '../../../packages/core/src/sql/statement/conditions.js';
import { mutationIn } from '../../../packages/core/src/sql/statement/mutation.js';
import { relationsIn } from '../../../packages/core/src/sql/statement/relations.js';
import { judgeStatement, statementsOf } from '../../../packages/core/src/sql/statement/statement.js';
import { parametersIn } from '../../../packages/core/src/sql/statement/values.js';
import type { SqlSource } from '../../../packages/core/src/sql/tokens/lexer.js';
import { LONGEST_SQL, type SqlToken, sqlTokens } from '../../../packages/core/src/sql/tokens/tokenizer.js';
import { reading, writing } from './small-schema.js';

const PROVIDERS = ['postgresql', 'mysql', 'sqlite'] as const;

/** A string that counts the characters which its reader passes. */
class CountedSource implements SqlSource {
  steps = 0;
  readonly #sql: string;

  constructor(sql: string) {
    this.#sql = sql;
  }

  get length(): number {
    return this.#sql.length;
  }

  charAt(at: number): string {
    this.steps += 1;
    return this.#sql.charAt(at);
  }

  indexOf(wanted: string, from = 0): number {
    const found = this.#sql.indexOf(wanted, from);
    this.steps += (found < 0 ? this.#sql.length : found) - from + wanted.length;
    return found;
  }

  slice(from = 0, to = this.#sql.length): string {
    this.steps += to - from;
    return this.#sql.slice(from, to);
  }
}

/** How many characters are passed to split `sql` into tokens, also if that fails. */
function stepsToSplit(sql: string, provider: string): number {
  const source = new CountedSource(sql);
  try {
    sqlTokens(source, provider);
  } catch {
    // What is unreadable must be found so in time as well.
  }
  return source.steps;
}

/** How many tokens are looked at to take apart what `sql` consists of. */
function stepsToJudge(sql: string, provider: string): number {
  let steps = 0;
  const counted = (tokens: readonly SqlToken[]): readonly SqlToken[] =>
    new Proxy(tokens, {
      get(target, name, receiver) {
        steps += typeof name === 'string' && /^\d+$/.test(name) ? 1 : 0;
        return Reflect.get(target, name, receiver) as unknown;
      },
    });
  const tokens = sqlTokens(sql, provider);
  const parameters = parametersIn(tokens, provider, sql);
  for (const statement of statementsOf(tokens).map(counted)) {
    judgeStatement(statement, provider);
    relationsIn(statement);
    equalitiesIn(statement, parameters);
    mutationIn(statement, parameters);
  }
  return steps;
}

const numbered = (length: number, each: (index: string) => string): string =>
  Array.from({ length }, (_, index) => each(String(index).padStart(6, '0'))).join('');

/** Beginnings of literals, comments, names and numbers, with and without an end, `size` characters of them. */
const LEXEMES: readonly [what: string, make: (size: number) => string][] = [
  ...["'", '"', '`', '[', "'\\", '"\\', "E'", "E'\\", "N'", "B'", "x'", "U&'", 'U&"', '$$', '$a$', '$a', '$'].flatMap(
    (mark): [string, (size: number) => string][] => [
      [`${mark} again and again`, (size) => mark.repeat(size / mark.length)],
      [`${mark} with blanks`, (size) => `${mark} `.repeat(size / (mark.length + 1))],
      [`one ${mark} and no end`, (size) => `select ${mark}${'x'.repeat(size)}`],
      [`${mark} with many doubled ends`, (size) => `select ${mark}${"''".repeat(size / 4)}${'""'.repeat(size / 4)}`],
      [`${mark} with many backslashes`, (size) => `select ${mark}${'\\'.repeat(size)}`],
    ],
  ),
  ['distinct dollar quotes', (size) => numbered(size / 10, (index) => `$a${index}$ `)],
  ['nested dollar quotes', (size) => numbered(size / 9, (index) => `$a${index}$`)],
  ['strings that go on', (size) => "'a'\n".repeat(size / 4)],
  ['escaped strings that go on', (size) => `E'a'${'\n\t'.repeat(size / 2)}`],
  ['escaped strings with comments between', (size) => `E'a'${'--\n'.repeat(size / 3)}`],
  ['comments', (size) => '/* */'.repeat(size / 5)],
  ['beginnings of comments', (size) => '/*'.repeat(size / 2)],
  ['one comment and no end', (size) => `/*${'*'.repeat(size)}`],
  ['stars and slashes', (size) => `/*${'*/ /'.repeat(size / 4)}`],
  ['line comments', (size) => '--\n'.repeat(size / 3)],
  ['a long line comment', (size) => `-- ${'-'.repeat(size)}`],
  ['hashes', (size) => '#\n'.repeat(size / 2)],
  ['returns in comments', (size) => `-- ${'\r\n'.repeat(size / 2)}`],
  ['digits', (size) => `select ${'1'.repeat(size)}`],
  ['digits and a letter', (size) => `select ${'1'.repeat(size)}x`],
  ['digits and periods', (size) => `select ${'1.'.repeat(size / 2)}`],
  ['periods', (size) => '.'.repeat(size)],
  ['exponents', (size) => `select ${'1e5'.repeat(size / 3)}`],
  ['an exponent', (size) => `select 1e${'5'.repeat(size)}x`],
  ['hexadecimal digits', (size) => `select 0x${'a'.repeat(size)}g`],
  ['parameters', (size) => numbered(size / 8, (index) => `$${index},`)],
  ['a long parameter', (size) => `$${'1'.repeat(size)}`],
  ['a long name', (size) => 'x'.repeat(size)],
  ['a long name that is not ASCII', (size) => 'ä'.repeat(size)],
  ['names', (size) => 'x '.repeat(size / 2)],
  ['blanks', (size) => ' '.repeat(size)],
  ['symbols', (size) => ':'.repeat(size)],
];

/** Statements whose parts make their readers look at others. */
const STATEMENTS: readonly [what: string, make: (size: number) => string][] = [
  ['calls', (size) => `select ${'f(1),'.repeat(size / 4)} 1 from a`],
  ['calls in calls', (size) => 'select f(f(f(f(1 + g(2)))));'.repeat(size / 16)],
  ['brackets in brackets', (size) => `select * from a where ${'((a = 1) and '.repeat(200)}${'x'.repeat(size)}`],
  ['conditions', (size) => `select * from a where ${'(a = 1) and '.repeat(size / 8)} true`],
  [
    'nested conditions',
    (size) =>
      `select * from a where ${'(a = 1 and ('.repeat(400)}${'b = 1 and '.repeat(size / 4)}true${')'.repeat(800)}`,
  ],
  ['relations', (size) => `select * from ${'a b, '.repeat(size / 3)} c`],
  ['relations deep within', (size) => `${'select * from a, ('.repeat(300)}select * from ${'a, '.repeat(size / 2)} b`],
  ['expressions', (size) => `with ${'x as (select 1), '.repeat(size / 8)} y as (select 1) select * from y`],
  ['withs', (size) => `select ${'with x as (with '.repeat(size / 8)}`],
  ['updates', (size) => 'update '.repeat(size)],
  ['updates with values', (size) => 'update a set b = 1 '.repeat(size / 6)],
  ['updates in one list', (size) => `update a set ${'b = (1), '.repeat(size / 6)} c = 1`],
  ['inserts', (size) => 'insert replace '.repeat(size / 2)],
  ['replaces', (size) => 'replace '.repeat(size)],
  ['truncates', (size) => `truncate ${'truncate, '.repeat(size / 2)}`],
  ['deletes', (size) => 'delete from '.repeat(size / 2)],
  ['deletes of several', (size) => `delete ${'a, '.repeat(size / 2)} b from a`],
  ['rows', (size) => `insert into a (b) values ${'(1), '.repeat(size / 4)} (2)`],
  ['returned columns', (size) => `insert into a values (1) returning ${'a, '.repeat(size / 2)} b`],
  ['dropped tables', (size) => `drop table ${'a, '.repeat(size / 2)} b`],
  ['statements', (size) => 'select 1;'.repeat(size / 3)],
  ['verbs', (size) => 'explain '.repeat(size)],
];

describe('the work to read SQL grows at most linearly with its length', () => {
  it.each(LEXEMES)('for %s', (_, make) => {
    for (const provider of PROVIDERS) {
      const [once = 0, twice = 0, fourTimes = 0] = [10_000, 20_000, 40_000].map((size) =>
        stepsToSplit(make(size), provider),
      );

      expect(twice).toBeLessThanOrEqual(2 * once + 100);
      expect(fourTimes).toBeLessThanOrEqual(2 * twice + 100);
      expect(fourTimes).toBeLessThan(10 * (40_000 + 100));
    }
  });

  it.each(STATEMENTS)('including its analysis: %s', (_, make) => {
    for (const provider of PROVIDERS) {
      const [once = 0, twice = 0, fourTimes = 0] = [1_000, 2_000, 4_000].map((size) =>
        stepsToJudge(make(size), provider),
      );

      expect(twice).toBeLessThanOrEqual(2 * once + 10_000);
      expect(fourTimes).toBeLessThanOrEqual(2 * twice + 10_000);
    }
  });
});

describe('SQL of any length and depth is read, or counts as unreadable', () => {
  const LONG = LONGEST_SQL - 100;

  it.each<[what: string, sql: string, provider: string]>([
    ['a string', `select '${'x'.repeat(LONG)}' from users`, 'postgresql'],
    ['a string of doubled quotes', `select '${"''".repeat(LONG / 2)}' from users`, 'postgresql'],
    ['an escaped string', `select E'${'\\n'.repeat(LONG / 2)}' from users`, 'postgresql'],
    ['a national string', `select N'${'x'.repeat(LONG)}' from users`, 'postgresql'],
    ['bits', `select B'${'1'.repeat(LONG)}' from users`, 'postgresql'],
    ['a dollar quote', `select $a$${'x$$'.repeat(LONG / 3)}$a$ from users`, 'postgresql'],
    ['a string with Unicode escapes', `select U&'${'x'.repeat(LONG)}' from users`, 'postgresql'],
    ['a name', `select "${'x'.repeat(LONG)}" from users`, 'postgresql'],
    ['a word', `select ${'x'.repeat(LONG)} from users`, 'postgresql'],
    ['a comment', `select 1 /*${' * '.repeat(LONG / 3)}*/ from users`, 'postgresql'],
    ['a line comment', `select 1 --${'-'.repeat(LONG)}\n from users`, 'postgresql'],
    ['blanks', `select 1 ${' '.repeat(LONG)} from users`, 'postgresql'],
    ['a string of MySQL', `select '${"''".repeat(LONG / 2)}' from users`, 'mysql'],
    ['a name in backticks', `select \`${'``'.repeat(LONG / 2)}\` from users`, 'mysql'],
    ['a name in double quotes', `select "${'""'.repeat(LONG / 2)}" from users`, 'mysql'],
    ['digits', `select ${'1'.repeat(LONG)} from users`, 'mysql'],
    ['a comment behind a hash', `select 1 #${'#'.repeat(LONG)}\n from users`, 'mysql'],
    ['a name in brackets', `select [${'['.repeat(LONG)}] from users`, 'sqlite'],
    ['a string of SQLite', `select '${"''".repeat(LONG / 2)}' from users`, 'sqlite'],
  ])('%s of nearly 1 MB', (_, sql, provider) => {
    expect(reading(sql, [], provider)).toMatchObject({
      cacheable: true,
      footprint: { dependencies: [{ model: 'users' }] },
    });
  });

  it.each([2, 10, 100])('%i MB are refused', (megabytes) => {
    const literal = `'${'x'.repeat(megabytes * 1_000_000)}'`;

    for (const provider of PROVIDERS) {
      expect(reading(`select ${literal} from users`, [], provider)).toMatchObject({ cacheable: false });
      expect(writing(`update users set name = ${literal}`, [], provider)).toEqual({
        changes: [{ kind: 'everything' }],
        widened: 'raw-sql: cannot be parsed: longer than 1,000,000 characters',
      });
    }
  });

  it.each<[what: string, open: string, close: string]>([
    ['brackets', '(', ')'],
    ['queries', '(select * from users where id = ', ')'],
    ['joins', '(users join ', ' on true)'],
    ['cases', 'case when true then ', ' end'],
    ['arrays', 'array[', ']'],
    ['expressions', 'with x as (', ') select 1'],
    ['negations', 'not ', ''],
  ])('100,000 nested %s', (_, open, close) => {
    for (const depth of [900, 100_000]) {
      const nested = `${open.repeat(depth)}1${close.repeat(depth)}`;

      for (const provider of PROVIDERS) {
        for (const sql of [`select ${nested} from users`, `select * from users where ${nested}`, nested]) {
          expect(() => reading(sql, [], provider)).not.toThrow();
          expect(() => writing(sql, [], provider)).not.toThrow();
        }
        expect(() => writing(`update users set name = ${nested} where ${nested}`, [], provider)).not.toThrow();
      }
    }
  });

  it('deep brackets are named as the reason', () => {
    const sql = `select ${'('.repeat(1001)}1${')'.repeat(1001)}`;

    expect(parseSql(sql, 'postgresql').unreadable).toBe('more than 1000 nested brackets');
  });
});

import { describe, expect, it } from 'vitest';
import { Bounds, type Times } from './checker/bounds.js';
import { Judge } from './checker/judge.js';
import { type Audited, Timeline } from './checker/timeline.js';
import type { AnswerLine, ReadLine, SeenRow } from './history.js';
import { type Mode, TERMS } from './settings.js';

const WRITER = 1;
const READER = 2;

/** A history to be judged. The rows `i1` and `i2` have version 1 from the start, in group 0. */
class History {
  readonly #timeline = new Timeline();
  readonly #reads: ReadLine[] = [];

  constructor() {
    for (const row of ['i1', 'i2']) this.#commit({ row, version: 1, wid: 0 }, Number.NEGATIVE_INFINITY);
  }

  /** Write 5 of the writer makes version 2 of `i1`: asked for at 1,000, committed by 1,010, answered at 1,020. */
  write(committed: Partial<Audited> = {}, answer: Partial<AnswerLine> | 'none' = {}): this {
    this.#timeline.note({ type: 'write', life: WRITER, wid: 5, kind: 'update', at: 1_000 });
    this.#commit(committed, 1_010);
    if (answer !== 'none') this.#timeline.note({ type: 'answer', wid: 5, at: 1_020, waits: false, ...answer });
    return this;
  }

  also(committed: Partial<Audited>): this {
    this.#commit(committed, 1_010);
    return this;
  }

  settled(at: number): this {
    this.#timeline.note({ type: 'settled', life: WRITER, at });
    return this;
  }

  read(at: number, rows: readonly SeenRow[], more: Partial<ReadLine> = {}): this {
    const how = { life: READER, kind: 'one', argument: 0, source: 'memory', log: '' };
    this.#reads.push({ type: 'read', ...how, at, until: at + 1, rows, ...more });
    return this;
  }

  /** The kinds of violations, in order. */
  judged(mode: Mode, given: Partial<Times> = {}): string[] {
    const times = { outages: [], splits: [], ...given };
    const judge = (bounds: Bounds) => this.#reads.map((read) => new Judge(this.#timeline, bounds, 0).judge(read));
    const first = judge(new Bounds(this.#timeline, mode, times));
    const sights = first.flatMap((verdict) => verdict.sights);
    const last = mode === 'bounded' ? first : judge(new Bounds(this.#timeline, mode, times, sights));
    return last.flatMap(({ violations }) => violations.map(({ kind }) => kind));
  }

  #commit(committed: Partial<Audited>, by: number): void {
    const version = { row: 'i1', version: 2, wid: 5, transaction: `t${committed.wid ?? 5}`, alive: true };
    this.#timeline.audited([{ ...version, g: 0, n: 0, parentId: 1, kind: null, ...committed }], by);
  }
}

const OLD: SeenRow = ['i1', 1, 0];
const NEW: SeenRow = ['i1', 2, 5];
const OTHER: SeenRow = ['i2', 1, 0];
const history = (): History => new History();
/** When every process must see a write that was answered at 1,020. */
const DUE = 1_020 + TERMS.maxStaleness;

describe('bounded reads', () => {
  it('may miss a write that was acknowledged less than maxStaleness ago, and no older one', () => {
    expect(
      history()
        .write()
        .read(DUE - 1, [OLD])
        .judged('bounded'),
    ).toEqual([]);
    expect(
      history()
        .write()
        .read(DUE + 20, [NEW])
        .judged('bounded'),
    ).toEqual([]);
    expect(
      history()
        .write()
        .read(DUE + 20, [OLD])
        .judged('bounded'),
    ).toEqual(['stale']);
  });

  it('miss no write of their own process', () => {
    expect(history().write().read(1_021, [OLD], { life: WRITER }).judged('bounded')).toEqual(['stale']);
  });

  it('may miss a write that went to another log, until results expire', () => {
    const apart = { splits: [{ from: 900, until: 2_500 }] };
    const read = (at: number) => history().write().read(at, [OLD]);

    expect(read(1_010 + TERMS.ttl).judged('bounded', apart)).toEqual([]);
    expect(read(2_000 + TERMS.ttl).judged('bounded', apart)).toEqual(['stale']);
    expect(read(DUE + 20).judged('bounded', { splits: [{ from: 2_000, until: 2_500 }] })).toEqual(['stale']);
  });

  it('may miss a write that the writer could not deliver, until it could', () => {
    const waiting = () => history().write({}, { waits: true }).settled(3_000);

    expect(waiting().read(3_000, [OLD]).judged('bounded')).toEqual([]);
    expect(
      waiting()
        .read(3_000 + TERMS.maxStaleness + 20, [OLD])
        .judged('bounded'),
    ).toEqual(['stale']);
    expect(
      waiting()
        .read(DUE + 20, [OLD])
        .judged('bounded', { outages: [{ from: 900, until: 2_500 }] }),
    ).toEqual(['stale']);
  });

  it.each([
    ['the writer died', 'none'],
    ['the writer does not know the outcome', { error: 'Connection terminated' }],
  ] as const)('may miss a committed write if %s, until results expire', (_, answer) => {
    expect(
      history()
        .write({}, answer)
        .read(1_010 + TERMS.ttl, [OLD])
        .judged('bounded'),
    ).toEqual([]);
    expect(
      history()
        .write({}, answer)
        .read(2_000 + TERMS.ttl, [OLD])
        .judged('bounded'),
    ).toEqual(['stale']);
  });
});

describe('strong reads', () => {
  it('miss no acknowledged write', () => {
    expect(history().write().read(1_021, [OLD]).judged('strong')).toEqual(['stale']);
    expect(history().write().read(1_005, [OLD]).judged('strong')).toEqual([]);
  });

  it('miss no committed write, whichever process died', () => {
    expect(history().write({}, 'none').read(1_011, [OLD]).judged('strong')).toEqual(['stale']);
  });

  it('miss no write that any read has seen', () => {
    expect(history().write().read(1_004, [NEW]).read(1_006, [OLD]).judged('strong')).toEqual(['stale']);
    expect(history().write().read(1_004, [NEW]).read(1_004, [OLD]).judged('strong')).toEqual([]);
  });
});

describe('a read is wrong if it', () => {
  const list = { kind: 'group' } as const;

  it('sees a row that was rolled back, replaced within its transaction, or not yet written', () => {
    expect(
      history()
        .write()
        .read(1_100, [['i1', 2, 6]])
        .judged('bounded'),
    ).toEqual(['invented']);
    expect(
      history()
        .write()
        .read(1_100, [['i1', 9, 5]])
        .judged('bounded'),
    ).toEqual(['invented']);
    expect(history().write().also({ version: 3 }).read(1_100, [NEW]).judged('bounded')).toEqual(['invented']);
    expect(history().write().read(900, [NEW]).judged('bounded')).toEqual(['future']);
  });

  it('returns rows that were not in the result, or lacks some that were', () => {
    expect(history().write({ g: 1 }).read(1_100, [NEW, OTHER], list).judged('bounded')).toEqual(['surplus']);
    expect(
      history()
        .write({ g: 1 })
        .read(DUE + 20, [OTHER], list)
        .judged('bounded'),
    ).toEqual([]);
    expect(history().write().read(1_100, [NEW], list).judged('bounded')).toEqual(['missing']);
    expect(
      history()
        .write({ alive: false })
        .read(DUE + 20, [OTHER], list)
        .judged('bounded'),
    ).toEqual([]);
  });

  it('returns a count that was never correct', () => {
    const count = (answer: number, at: number) =>
      history()
        .write({ g: 1 })
        .read(at, [], { ...list, kind: 'count', count: answer })
        .judged('bounded');

    expect([count(2, 1_100), count(1, 1_100), count(1, DUE + 20)]).toEqual([[], [], []]);
    expect([count(3, 1_100), count(0, 1_100), count(2, DUE + 20)]).toEqual([['count'], ['count'], ['count']]);
  });

  it('sees only a part of a transaction', () => {
    const both = () => history().write().also({ row: 'i2' });

    expect(both().read(1_100, [NEW, OTHER], list).judged('bounded')).toEqual(['torn']);
    expect(
      both()
        .read(1_100, [NEW, ['i2', 2, 5]], list)
        .judged('bounded'),
    ).toEqual([]);
    expect(both().read(1_100, [OLD, OTHER], list).judged('bounded')).toEqual([]);
  });

  it('lacks the first rows of a window', () => {
    const top = { kind: 'top' } as const;
    const third = () => history().write({ n: 9 }).also({ row: 'i3', version: 1, n: 5 });

    expect(
      third()
        .read(DUE + 20, [NEW, ['i3', 1, 5]], top)
        .judged('bounded'),
    ).toEqual([]);
    expect(
      third()
        .read(DUE + 20, [['i3', 1, 5], OTHER], top)
        .judged('bounded'),
    ).toEqual(['missing']);
  });
});

import { createQueryCache, type Query, type QueryCache } from '@cachetastic/core';
import { ManualClock } from '@cachetastic/core/testing';
import type { Entry } from '../../packages/core/src/entry/entry.js';
import type { Change } from '../../packages/core/src/invalidation/change.js';
import type { InvalidationLog, LogListener, SyncReply } from '../../packages/core/src/invalidation/invalidation-log.js';
import type { LogPosition, LogRecord } from '../../packages/core/src/invalidation/log-record.js';
import type { Tier } from '../../packages/core/src/tier/tier.js';
import { settle } from './held.js';

/** How old a confirmation may be, in milliseconds. */
export const BOUND = 900;
const NODES = 3;
const ROWS = 2;
/** What one sync hands over at most: few, so that long continuations are played too. */
const PIECE = 3;

/** Something under way that the simulation lets happen, or fail, when it likes. */
interface Step {
  go(): void;
  fail(): void;
  readonly push?: boolean;
}

/** What a run is like: how much of everything there is. */
interface Temper {
  readonly network: number;
  readonly write: number;
  readonly restart: number;
  /** Milliseconds that pass at once, at most. */
  readonly pause: number;
  /** The shares of messages that are late, of pushes that are lost, and of everything else that fails. */
  readonly late: number;
  readonly lost: number;
  readonly failing: number;
}

/** What is known of one version of a row. */
interface Version {
  /** Which node wrote it, once its caller was answered. */
  ackedBy?: number;
  ackedAt?: number;
  /** When the log had a record of it. */
  loggedAt?: number;
}

/** One seeded run of several nodes, one log, one shared tier and one database, all of whose messages race and get lost. */
export class SimulatedNodes {
  readonly clock = new ManualClock();
  /** What was read although it must not be. */
  readonly violations: string[] = [];
  reads = 0;
  readonly #random: () => number;
  readonly #temper: Temper;
  readonly #underWay = new UnderWay(() => this.clock.now() + this.#latency());
  readonly #rows: Version[][] = Array.from({ length: ROWS }, () => [{}]);
  readonly #server: Server;
  readonly #nodes: QueryCache[];
  #faults = true;

  constructor(seed: number) {
    this.#random = randomFrom(seed);
    this.#temper = {
      network: 0.45 + 0.2 * this.#random(),
      write: 0.01 + 0.03 * this.#random(),
      restart: 0.01 * this.#random() ** 2,
      pause: 5 + this.#pick(50),
      late: 0.4 * this.#random(),
      lost: this.#random() ** 2,
      failing: 0.1 * this.#random() ** 2,
    };
    this.#server = new Server(this.#underWay, () => this.clock.now());
    const tier = new SlowTier(() => this.#pass());
    this.#nodes = Array.from({ length: NODES }, () =>
      createQueryCache({
        database: 'simulated',
        clock: this.clock,
        maxStaleness: `${BOUND}ms`,
        shared: { name: 'l2', open: () => ({ tier, log: new NodeLog(this.#server, () => this.#pass()) }) },
      }),
    );
  }

  /** Reads that memory answered. */
  get hits(): number {
    return this.#nodes.reduce((sum, node) => sum + node.stats().hits.l1, 0);
  }

  async run(steps: number): Promise<void> {
    for (let step = 0; step < steps; step++) {
      this.#step();
      await settle();
    }
  }

  /** Ends all faults, and tells what does not recover. */
  async recover(): Promise<string[]> {
    this.#faults = false;
    for (let i = 0; i < 12; i++) await this.#calm(BOUND / 3);
    const ill: string[] = [];
    for (const [number, node] of this.#nodes.entries()) {
      if (!node.stats().log.confirmed) ill.push(`node ${number} is not confirmed`);
      for (let row = 0; row < ROWS; row++) {
        for (let i = 0; i < 2; i++) {
          this.#read(number, row);
          await this.#calm(0);
        }
        const before = node.stats().hits.l1;
        this.#read(number, row);
        await this.#calm(0);
        if (node.stats().hits.l1 === before) ill.push(`node ${number} does not keep row ${row}`);
      }
    }
    await Promise.all([...this.#nodes.map((node) => node.close()), this.#calm(0)]);
    return ill;
  }

  async #calm(time: number): Promise<void> {
    this.clock.advance(time);
    await settle();
    for (let step = this.#underWay.takeAny(); step !== undefined; step = this.#underWay.takeAny()) {
      step.go();
      await settle();
    }
  }

  #step(): void {
    const { network, write, restart, pause } = this.#temper;
    const dice = this.#random();
    const node = this.#pick(NODES);
    if (dice < network) this.#letHappen();
    else if (dice < network + write) void this.#write(node, this.#pick(ROWS));
    else if (dice < network + write + restart) this.#server.restart();
    else if (dice < network + write + restart + 0.002) this.#server.trim();
    else if (dice < network + write + restart + 0.006) this.clock.advance(this.#pick(2 * BOUND));
    else if (dice < 0.88) this.#read(node, this.#pick(ROWS));
    else this.clock.advance(1 + this.#pick(pause));
  }

  #letHappen(): void {
    const step = this.#underWay.take(this.clock.now());
    if (step === undefined) return;
    const { lost, failing } = this.#temper;
    if (this.#random() < (step.push === true ? lost : failing)) step.fail();
    else step.go();
  }

  #latency(): number {
    return this.#random() < this.#temper.late ? this.#pick(1.5 * BOUND) : this.#pick(10);
  }

  /** Resolves, or rejects, when the simulation lets it. */
  #pass(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#underWay.add({ go: resolve, fail: () => (this.#faults ? reject(new Error('lost')) : resolve()) });
    });
  }

  #read(number: number, row: number): void {
    const node = this.#nodes[number] as QueryCache;
    const wanted = this.#oldestAllowed(number, row);
    const judge = (version: number): void => {
      this.reads++;
      if (version < wanted) this.violations.push(`node ${number} read version ${version} of row ${row}, not ${wanted}`);
    };
    const load = async (): Promise<number> => {
      await this.#pass();
      const version = this.#versions(row).length - 1;
      await this.#pass();
      return version;
    };
    const answer = node.read(rowQuery(row), load);
    if (typeof answer === 'number') judge(answer);
    else answer.then(judge, () => {});
  }

  /** The newest version that every reader of this node must see by now. */
  #oldestAllowed(reader: number, row: number): number {
    const horizon = this.clock.now() - BOUND;
    return this.#versions(row).findLastIndex(({ ackedBy, ackedAt = Infinity, loggedAt = Infinity }, index) => {
      return index === 0 || ackedBy === reader || Math.max(ackedAt, loggedAt) < horizon;
    });
  }

  async #write(number: number, row: number): Promise<void> {
    const node = this.#nodes[number] as QueryCache;
    const versions = this.#versions(row);
    const version: Version = {};
    const commit = async (): Promise<void> => {
      await this.#pass();
      versions.push(version);
      await this.#pass();
    };
    // A write whose answer is lost may have happened.
    const facts = { id: `i:${row}` };
    const changes: Change[] = [{ kind: 'model', model: 'Row', op: 'update', before: facts, after: facts }];
    this.#server.onLogged(changes, () => {
      version.loggedAt ??= this.clock.now();
    });
    try {
      await node.write(commit, () => changes);
    } catch {
      return;
    }
    version.ackedBy = number;
    version.ackedAt = this.clock.now();
  }

  #versions(row: number): Version[] {
    return this.#rows[row] as Version[];
  }

  #pick(count: number): number {
    return Math.floor(this.#random() * count);
  }
}

function rowQuery(row: number): Query<number> {
  const where = { id: `i:${row}` };
  return {
    name: 'Row.find',
    keyParts: row,
    footprint: { dependencies: [{ model: 'Row', where }], tags: [] },
    narrow: () => ({ dependencies: [{ model: 'Row', where, keys: [where] }], tags: [] }),
    lifetime: { ttl: 4_000, swr: 2_000, grace: 20_000 },
  };
}

/** What is under way, each with the time when it arrives. */
class UnderWay {
  readonly #steps: { readonly step: Step; readonly due: number }[] = [];
  readonly #arrival: () => number;

  constructor(arrival: () => number) {
    this.#arrival = arrival;
  }

  add(step: Step): void {
    this.#steps.push({ step, due: this.#arrival() });
    this.#steps.sort((one, other) => one.due - other.due);
  }

  /** What has arrived first by `now`. */
  take(now: number): Step | undefined {
    return (this.#steps[0]?.due ?? Infinity) <= now ? this.takeAny() : undefined;
  }

  takeAny(): Step | undefined {
    return this.#steps.shift()?.step;
  }
}

/** The log where all nodes meet. */
class Server {
  #epoch = 1;
  #records: LogRecord[] = [];
  #trimmed = 0;
  readonly #listeners: LogListener[] = [];
  readonly #underWay: UnderWay;
  readonly #now: () => number;
  readonly #logged = new Map<Change, () => void>();

  constructor(underWay: UnderWay, now: () => number) {
    this.#underWay = underWay;
    this.#now = now;
  }

  /** Calls `then` when the log has `changes`. */
  onLogged(changes: readonly Change[], then: () => void): void {
    for (const change of changes) this.#logged.set(change, then);
  }

  listen(listener: LogListener): void {
    this.#listeners.push(listener);
  }

  append(changes: readonly Change[]): LogPosition {
    const epoch = `e${this.#epoch}`;
    const record = { seq: this.#records.length + 1, changes };
    this.#records.push(record);
    for (const change of changes) this.#logged.get(change)?.();
    for (const listener of this.#listeners) {
      const tell = (): void => listener.onRecord(epoch, record);
      this.#underWay.add({ push: true, go: tell, fail() {} });
      // Told twice.
      if (record.seq % 5 === 0) this.#underWay.add({ push: true, go: tell, fail() {} });
    }
    return { epoch, seq: record.seq };
  }

  sync(known: LogPosition | undefined): SyncReply {
    const reply = { epoch: `e${this.#epoch}`, head: this.#records.length, time: this.#now() };
    const continues = known?.epoch === reply.epoch && known.seq >= this.#trimmed && known.seq <= reply.head;
    if (!continues) return { ...reply, kind: 'reset', records: [] };
    return { ...reply, kind: 'continuation', records: this.#records.slice(known.seq, known.seq + PIECE) };
  }

  restart(): void {
    this.#epoch++;
    this.#records = [];
    this.#trimmed = 0;
  }

  trim(): void {
    this.#trimmed = this.#records.length;
  }
}

/** One node's way to the server. */
class NodeLog implements InvalidationLog {
  readonly name = 'simulated';
  readonly shared = true;
  readonly #server: Server;
  readonly #pass: () => Promise<void>;

  constructor(server: Server, pass: () => Promise<void>) {
    this.#server = server;
    this.#pass = pass;
  }

  async append(changes: readonly Change[]): Promise<LogPosition> {
    await this.#pass();
    const position = this.#server.append(changes);
    await this.#pass();
    return position;
  }

  async sync(known: LogPosition | undefined): Promise<SyncReply> {
    await this.#pass();
    const reply = this.#server.sync(known);
    await this.#pass();
    return reply;
  }

  subscribe(listener: LogListener): void {
    this.#server.listen(listener);
  }

  async close(): Promise<void> {}
}

/** The tier that all nodes share. */
class SlowTier implements Tier {
  readonly name = 'l2';
  readonly #entries = new Map<string, Entry>();
  readonly #pass: () => Promise<void>;

  constructor(pass: () => Promise<void>) {
    this.#pass = pass;
  }

  async get(key: string): Promise<Entry | undefined> {
    await this.#pass();
    const entry = this.#entries.get(key);
    await this.#pass();
    return entry;
  }

  async set(key: string, entry: Entry): Promise<void> {
    await this.#pass();
    this.#entries.set(key, entry);
  }

  async delete(): Promise<void> {}

  async close(): Promise<void> {}
}

/** Mulberry32: small, and good enough to shuffle. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

import type { Change } from '@cachetastic/core';
import type { Entry } from '../../packages/core/src/entry/entry.js';
import type { SyncReply } from '../../packages/core/src/log/invalidation-log.js';
import type { IntentTerms, LogPosition, LogRecord, OpenIntent } from '../../packages/core/src/log/log-record.js';

/** An entry, or its bytes. */
export type KeptEntry = Entry | Buffer;

interface Description {
  /** Milliseconds from lease to fence. */
  readonly rest: number;
  readonly expired: boolean;
  readonly changes: readonly Change[];
}

/** What the server keeps, by the names of the keys that the scripts use. */
interface Keys {
  v: { readonly epoch: string; readonly head: number; readonly open: number } | undefined;
  log: LogRecord[];
  due: Map<number, number>;
  open: Map<number, Description>;
  readonly entries: Map<string, KeptEntry>;
}

/** Made once, as in network.ts. */
const READ_ONLY = new Error('READONLY');

/** What a script is run with. */
export interface ServerOptions {
  /** The server's own time, in milliseconds. */
  readonly time: () => number;
  readonly logLength: number;
  /** What one sync hands over at most. */
  readonly piece: number;
  /** Hears what is published. */
  readonly publish: (epoch: string, record: LogRecord, from: RedisServer) => void;
  /** Hears that it began a new epoch. */
  readonly onRestarted: () => void;
  /** Hears that an intent ran out for good. */
  readonly onForgotten: (intent: LogPosition) => void;
}

/** Redis, as the scripts in redis-scripts.ts use it: every method is one script. */
export class RedisServer {
  readonly name: string;
  /** Since when it takes writes. */
  readonly since: number;
  /** Since when it takes none any more, because it follows another one. */
  demotedAt: number | undefined;
  readonly #options: ServerOptions;
  #primary: RedisServer | undefined;
  #keys: Keys;
  #run: string;
  #runs = 1;
  #nonces = 0;
  #began = 0;

  constructor(options: ServerOptions, name = '', keys = emptyKeys()) {
    this.#options = options;
    this.name = name;
    this.since = options.time();
    this.#keys = keys;
    this.#run = `${name}run1-`;
  }

  /** How many records it keeps at least. */
  get logLength(): number {
    return this.#options.logLength;
  }

  /** The position of the last record, and some records. */
  get last(): (LogPosition & { readonly records: readonly LogRecord[] }) | undefined {
    const { v, log } = this.#keys;
    return v && { epoch: v.epoch, seq: v.head, records: log.slice(-4) };
  }

  append(changes: readonly Change[], closes: readonly LogPosition[]): LogPosition {
    this.#refuseIfDemoted();
    const epoch = this.#ensure();
    const closed = closes.filter((intent) => intent.epoch === epoch).map(({ seq }) => seq);
    for (const seq of closed) this.#close(seq);
    return this.#put(closed.length === 0 ? { changes } : { changes, closes: closed });
  }

  announce(changes: readonly Change[], { lease, fence }: IntentTerms): LogPosition {
    this.#refuseIfDemoted();
    this.#ensure();
    const position = this.#put({ changes, intent: true }, 1);
    this.#keys.due.set(position.seq, this.#options.time() + lease);
    this.#keys.open.set(position.seq, { rest: fence - lease, expired: false, changes });
    return position;
  }

  sync(known: LogPosition | undefined): SyncReply {
    // It deletes what never exists, which is refused wherever an append would be.
    this.#refuseIfDemoted();
    this.#ensure();
    const keys = this.#keys;
    const time = this.#options.time();
    if (keys.due.size !== this.#open || keys.open.size !== this.#open) this.#restart();
    for (const [seq, due] of [...keys.due].sort((one, other) => one[1] - other[1])) {
      if (due > time) break;
      const intent = keys.open.get(seq);
      if (intent === undefined) {
        this.#restart();
        break;
      }
      if (intent.expired) {
        this.#close(seq);
        this.#options.onForgotten({ epoch: this.#current.epoch, seq });
        this.#put({ changes: intent.changes, closes: [seq] });
      } else {
        keys.due.set(seq, time + intent.rest);
        keys.open.set(seq, { ...intent, expired: true });
        this.#put({ changes: intent.changes, expires: seq });
      }
    }
    const { epoch, head } = this.#current;
    const began = this.#began;
    const reset = (): SyncReply => ({ epoch, head, time, began, kind: 'reset', records: [], intents: this.#intents() });
    if (known === undefined || known.epoch !== epoch || known.seq > head) return reset();
    const records = keys.log.filter(({ seq }) => seq > known.seq).slice(0, this.#options.piece);
    const whole = records.every(({ seq }, index) => seq === known.seq + index + 1);
    if (!whole || records.length < Math.min(head - known.seq, this.#options.piece)) return reset();
    return { epoch, head, time, began, kind: 'continuation', records, intents: [] };
  }

  get(key: string): KeptEntry | undefined {
    return this.#primary === undefined ? this.#keys.entries.get(key) : this.#primary.get(key);
  }

  set(key: string, entry: KeptEntry): void {
    this.#refuseIfDemoted();
    this.#keys.entries.set(key, entry);
  }

  /** The keys of all entries. */
  get entryKeys(): readonly string[] {
    return [...this.#keys.entries.keys()];
  }

  /** The entry at `from` is stored at `to` as well. */
  copy(from: string, to: string): void {
    const entry = this.#keys.entries.get(from);
    if (entry !== undefined) this.#keys.entries.set(to, entry);
  }

  /** Loses everything, or nothing, with its process. */
  restart(empty: boolean): void {
    this.#run = `${this.name}run${++this.#runs}-`;
    if (empty) this.#keys = emptyKeys();
  }

  /** @returns What lets a replica take over that has got everything up to now. */
  replicate(): () => void {
    const copy = this.#copy();
    return () => {
      this.#run = `${this.name}run${++this.#runs}-`;
      this.#keys = copy;
    };
  }

  /** @returns What makes another primary of a replica that has got everything up to now, while this one goes on. */
  fork(name: string): () => RedisServer {
    const copy = this.#copy();
    return () => new RedisServer(this.#options, name, copy);
  }

  /** It is a replica of `primary` from now on: it has what that one has, and takes nothing. */
  follow(primary: RedisServer): void {
    this.#primary = primary;
    this.demotedAt = this.#options.time();
  }

  /** Whether it passes on what `other` publishes. */
  publishesFor(other: RedisServer): boolean {
    return this === other || (this.#primary?.publishesFor(other) ?? false);
  }

  evict(key: 'v' | 'log' | 'due' | 'open' | 'entries'): void {
    if (key === 'v') this.#keys.v = undefined;
    else if (key === 'log') this.#keys.log = [];
    else this.#keys[key].clear();
  }

  trim(): void {
    this.#keys.log = [];
  }

  #refuseIfDemoted(): void {
    if (this.#primary !== undefined) throw READ_ONLY;
  }

  #copy(): Keys {
    const { v, log, due, open, entries } = this.#keys;
    return { v, log: [...log], due: new Map(due), open: new Map(open), entries: new Map(entries) };
  }

  get #current(): NonNullable<Keys['v']> {
    return this.#keys.v as NonNullable<Keys['v']>;
  }

  get #open(): number {
    return this.#current.open;
  }

  #ensure(): string {
    if (this.#keys.v === undefined || !this.#keys.v.epoch.startsWith(this.#run)) this.#restart();
    return this.#current.epoch;
  }

  #restart(): void {
    const head = this.#keys.v?.head ?? 0;
    this.#keys.log = [];
    this.#keys.due.clear();
    this.#keys.open.clear();
    this.#began = this.#options.time();
    this.#keys.v = { epoch: `${this.#run}${++this.#nonces}`, head, open: 0 };
    this.#options.onRestarted();
  }

  #put(given: Omit<LogRecord, 'seq'>, opened = 0): LogPosition {
    const { epoch, head, open } = this.#current;
    const record: LogRecord = { seq: head + 1, ...given };
    const { log } = this.#keys;
    while (log.length >= this.#options.logLength) log.shift();
    log.push(record);
    this.#keys.v = { epoch, head: record.seq, open: open + opened };
    this.#options.publish(epoch, record, this);
    return { epoch, seq: record.seq };
  }

  #close(seq: number): void {
    this.#keys.due.delete(seq);
    const { epoch, head, open } = this.#current;
    if (this.#keys.open.delete(seq)) this.#keys.v = { epoch, head, open: open - 1 };
  }

  #intents(): readonly OpenIntent[] {
    return [...this.#keys.open].map(([seq, { changes, expired }]) => ({ seq, changes, expired }));
  }
}

function emptyKeys(): Keys {
  return { v: undefined, log: [], due: new Map(), open: new Map(), entries: new Map() };
}

import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.js';
import { TierOpeningError, TierUnavailableError } from '../errors.js';
import {
  type InvalidationLog,
  type LogListener,
  MAX_RECORDS_PER_SYNC,
  type SyncReply,
} from '../log/invalidation-log.js';
import type { IntentTerms, LogPosition, OpenIntent } from '../log/log-record.js';
import { decodeChanges, decodeRecord, encodeRecord } from '../log/record-codec.js';
import type { Change } from '../match/change.js';
import type { CacheEvents } from '../telemetry/events.js';
import { channelOf, type RedisConnection } from './redis-connection.js';
import {
  announceScript,
  appendScript,
  INFO_REFUSED,
  type RedisScript,
  type ScriptArguments,
  syncScript,
} from './redis-scripts.js';
import { RedisSubscription } from './redis-subscription.js';

/** What a {@link RedisLog} is made of. */
export interface RedisLogOptions {
  readonly connection: RedisConnection;
  readonly namespace: string;
  /** How many records Redis keeps at least. */
  readonly length: number;
  readonly clock: Clock;
  readonly events: CacheEvents;
  /** Called when it has let go of the connection. */
  readonly onClosed?: (() => void) | undefined;
}

/** The log that processes share: a stream in Redis, written and read by scripts only, and a channel with each new record. */
export class RedisLog implements InvalidationLog {
  readonly name = 'redis';
  readonly shared = true;

  readonly length: number;

  readonly #options: RedisLogOptions;
  /** One hash tag, so one slot of a Cluster. */
  readonly #keys: readonly string[];
  readonly #channel: string;
  #subscription: RedisSubscription | undefined;
  /** Whether something failed because there was no connection yet. */
  #askedTooSoon = false;
  #closed = false;

  constructor(options: RedisLogOptions) {
    this.length = options.length;
    this.#options = options;
    const { connection, namespace } = options;
    this.#keys = ['v', 'log', 'due', 'open'].map((name) => `{${namespace}}:${name}`);
    this.#channel = `{${namespace}}:changes`;
    connection.retain();
  }

  get opening(): boolean {
    return this.#options.connection.opening;
  }

  opened(): Promise<void> {
    return this.#options.connection.opened();
  }

  async append(changes: readonly Change[], closes: readonly LogPosition[] = []): Promise<LogPosition> {
    const closing = closes.flatMap(({ epoch, seq }) => [epoch, seq]);
    // Written down when it can be sent: many may wait, and are offered with every attempt while Redis is unavailable.
    const args = (): ScriptArguments => [this.#encode('append', changes), ...closing];
    return parsePosition(await this.#run('append', appendScript, args));
  }

  async announce(changes: readonly Change[], { lease, fence }: IntentTerms): Promise<LogPosition> {
    const terms = [Math.round(lease), Math.round(fence - lease)];
    const args = (): ScriptArguments => [this.#encode('announce', changes), ...terms];
    return parsePosition(await this.#run('announce', announceScript, args));
  }

  async sync(known: LogPosition | undefined): Promise<SyncReply> {
    const { epoch, seq } = known ?? { epoch: '', seq: 0 };
    const args = (): ScriptArguments => [epoch, seq, MAX_RECORDS_PER_SYNC];
    return parseSync(await this.#run('sync', syncScript, args), seq);
  }

  subscribe(listener: LogListener): void {
    const { connection, clock } = this.#options;
    this.#subscription = new RedisSubscription(connection, this.#channel, clock, {
      onMessage: (message) => passOn(listener, message),
      // The first time, too: the tail's first question may have been answered before anything was heard.
      onSubscribed: () => listener.onGap(),
    });
    let missed = connection.ready;
    connection.onReady(() => {
      // With the first connection only if something was asked before it.
      missed ||= this.#askedTooSoon;
      if (missed && !this.#closed) listener.onGap();
      missed = true;
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#subscription?.close();
    this.#options.connection.release();
    this.#options.onClosed?.();
  }

  #encode(operation: string, changes: readonly Change[]): string {
    const { text, widened } = encodeRecord(changes);
    const { events } = this.#options;
    if (widened) events.emit({ type: 'widened', query: subjectOf(changes) ?? operation, reason: 'record-too-large' });
    return text;
  }

  async #run(operation: string, script: RedisScript, args: () => ScriptArguments): Promise<unknown> {
    if (this.#closed) throw new TierUnavailableError('The log in Redis is closed.');
    const { connection } = this.#options;
    const publish = connection.cluster ? 'SPUBLISH' : 'PUBLISH';
    const all = (channel: string): ScriptArguments => [randomUUID(), this.length, channel, publish, ...args()];
    try {
      return await connection.run({ operation }, (client) =>
        script.run(client, this.#keys, all(channelOf(client, this.#channel))),
      );
    } catch (error) {
      if (error instanceof TierOpeningError) this.#askedTooSoon = true;
      if (!(error instanceof Error && error.message.includes(INFO_REFUSED))) throw error;
      throw new TierUnavailableError(
        `Redis ${operation} failed: scripts may not run INFO, which the log needs to notice restarts and fail-overs. Allow it with the ACL rule \`+info\`.`,
        { cause: error },
      );
    }
  }
}

/** What a large record is about: the model that its write named. */
function subjectOf(changes: readonly Change[]): string | undefined {
  return changes.find((change) => change.kind === 'model')?.model;
}

/** Passes on what was published: `<epoch> <seq>`, a line break, the record. */
function passOn(listener: LogListener, message: string): void {
  const [, epoch, seq, text] = /^(\S+) (\d{1,15})\n(.*)$/s.exec(message) ?? [];
  if (epoch === undefined || text === undefined) {
    // Something was published that we cannot read: ask the log.
    listener.onGap();
  } else {
    listener.onRecord(epoch, { seq: Number(seq), ...decodeRecord(text) });
  }
}

function parsePosition(reply: unknown): LogPosition {
  const [epoch, seq] = Array.isArray(reply) ? reply : [];
  if (typeof epoch !== 'string') throw unreadable('append');
  return { epoch, seq: toCount('append', seq) };
}

function parseSync(reply: unknown, since: number): SyncReply {
  const [epoch, head, reset, time, texts, open = []] = Array.isArray(reply) ? reply : [];
  if (typeof epoch !== 'string' || !isTexts(texts) || !isTexts(open)) throw unreadable('sync');
  return {
    epoch,
    head: toCount('sync', head),
    kind: Number(reset) === 0 ? 'continuation' : 'reset',
    records: texts.map((text, index) => ({ seq: since + index + 1, ...decodeRecord(text) })),
    intents: parseIntents(open),
    time: toCount('sync', time),
    began: Number(/-(\d+)$/.exec(epoch)?.[1] ?? 0),
  };
}

/** Seq, description, seq, … as `open` keeps them. */
function parseIntents(open: readonly string[]): readonly OpenIntent[] {
  return open.flatMap((text, index) => {
    if (index % 2 === 1) return [];
    const [, expired, changes = ''] = /^\d+ (\d) (.*)$/s.exec(open[index + 1] ?? '') ?? [];
    return { seq: toCount('sync', text), changes: decodeChanges(changes), expired: expired !== '0' };
  });
}

/** With the client's option `stringNumbers`, numbers arrive as strings. */
function toCount(operation: string, value: unknown): number {
  const count = Number(value);
  if (!Number.isSafeInteger(count)) throw unreadable(operation);
  return count;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}

function unreadable(operation: string): TierUnavailableError {
  return new TierUnavailableError(`Redis ${operation} failed: its reply cannot be read.`);
}

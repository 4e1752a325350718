import type { LogRecord } from '../../packages/core/src/log/log-record.js';
import type { Agenda } from './agenda.js';
import type { Application } from './application.js';
import type { Dice } from './dice.js';
import type { RedisServer } from './redis-server.js';
import type { Trace } from './trace.js';

/** What a {@link Forger} is made of. */
export interface ForgerParts {
  readonly agenda: Agenda;
  readonly dice: Dice;
  readonly trace: Trace;
  readonly server: RedisServer;
  readonly applications: () => readonly Application[];
  /** The mean time between two messages; infinite: none is sent. */
  readonly mean: number;
}

/** Publishes messages that the log never sent: forged, of another epoch, repeated, cut short. */
export class Forger {
  readonly #parts: ForgerParts;
  #over = false;

  constructor(parts: ForgerParts) {
    this.#parts = parts;
    if (Number.isFinite(parts.mean)) this.#again();
  }

  stop(): void {
    this.#over = true;
  }

  #again(): void {
    const { agenda, dice, mean } = this.#parts;
    agenda.in(dice.wait(mean), () => {
      if (this.#over) return;
      this.#publish();
      this.#again();
    });
  }

  #publish(): void {
    const { dice, server, trace, applications } = this.#parts;
    const last = server.last;
    if (last === undefined) return;
    const application = dice.pick(applications());
    const { epoch, seq, records } = last;
    const some = records.length === 0 ? undefined : dice.pick(records);
    const forged: readonly (readonly [epoch: string, record: LogRecord])[] = [
      [epoch, { seq: seq + 1, changes: [] }],
      [epoch, { seq: seq + 1, changes: some?.changes ?? [], intent: true }],
      [epoch, { seq: seq + 1, changes: [], closes: records.map((record) => record.seq) }],
      [epoch, { seq: seq + 1 + dice.below(3), changes: [] }],
      [epoch, { seq: Math.max(1, seq - dice.below(3)), changes: [] }],
      ['another-epoch', { seq: seq + 1, changes: some?.changes ?? [] }],
      [epoch, some ?? { seq, changes: [] }],
    ];
    const [claimed, record] = dice.pick(forged);
    trace.tell(
      application.process.name,
      `is sent a forged message: ${claimed} ${JSON.stringify(record).slice(0, 200)}`,
    );
    for (const redis of application.connections) redis.tell(claimed, record);
  }
}

import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Redis } from 'ioredis';
import { startRedis } from '../../support/services/index.js';
import type { Service } from '../../support/services/service.js';
import { until } from './open-redis.js';

/** What some work cost Redis, and those who waited for it. */
export interface Cost {
  /** How often a client that waited for nothing sent something: what is sent together, or before the answer, counts once. */
  readonly roundTrips: number;
  /** How often clients sent each command. */
  readonly sent: Readonly<Record<string, number>>;
  /** How often scripts ran each command. */
  readonly scripted: Readonly<Record<string, number>>;
}

/** What all of them cost together. */
export function sum(...costs: readonly Cost[]): Cost {
  return {
    roundTrips: costs.reduce((total, { roundTrips }) => total + roundTrips, 0),
    sent: costs.map(({ sent }) => sent).reduce(sumOf),
    scripted: costs.map(({ scripted }) => scripted).reduce(sumOf),
  };
}

function sumOf(one: Cost['sent'], other: Cost['sent']): Cost['sent'] {
  const counts = { ...one };
  for (const [name, count] of Object.entries(other)) counts[name] = (counts[name] ?? 0) + count;
  return counts;
}

/** A Redis of our own behind a tap: who connects to `url` is counted. */
export class MeteredRedis {
  /** Not counted. */
  readonly direct: Redis;
  /** Not counted either. */
  readonly directUrl: string;
  readonly #service: Service;
  readonly #monitor: Redis;
  readonly #tap: Tap;
  #heard: { readonly name: string; readonly scripted: boolean; readonly argument: string | undefined }[] = [];
  #marks = 0;

  static async start(): Promise<MeteredRedis> {
    const service = await startRedis();
    const tap = await Tap.open(service);
    const direct = new Redis(service.url);
    return new MeteredRedis(service, tap, direct, await direct.monitor());
  }

  private constructor(service: Service, tap: Tap, direct: Redis, monitor: Redis) {
    this.#service = service;
    this.#tap = tap;
    this.direct = direct;
    this.directUrl = service.url;
    this.#monitor = monitor;
    monitor.on('monitor', (_time: string, [name = '', argument]: string[], source: string) => {
      this.#heard.push({ name: name.toLowerCase(), argument, scripted: source === 'lua' });
    });
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#tap.port}`;
  }

  /** How many round trips there have been so far. */
  get roundTrips(): number {
    return this.#tap.roundTrips;
  }

  /** How many bytes Redis has sent through the tap so far. */
  get bytesDown(): number {
    return this.#tap.bytesDown;
  }

  /** @throws if what was overheard is not what Redis itself has counted. */
  async costOf(work: () => Promise<unknown>): Promise<Cost> {
    await this.direct.config('RESETSTAT');
    await this.#mark();
    this.#heard = [];
    const before = this.#tap.roundTrips;
    await work();
    const heard = await this.#mark();
    const cost = {
      roundTrips: this.#tap.roundTrips - before,
      sent: countOf(heard.filter(({ scripted }) => !scripted)),
      scripted: countOf(heard.filter(({ scripted }) => scripted)),
    };
    const counted = await this.#counted();
    const overheard = JSON.stringify(Object.entries(countOf(heard)).sort());
    if (overheard !== JSON.stringify(Object.entries(counted).sort())) {
      throw new Error(`Redis counted ${JSON.stringify(counted)}, but overheard was ${overheard}`);
    }
    return cost;
  }

  async close(): Promise<void> {
    this.#monitor.disconnect();
    this.direct.disconnect();
    this.#tap.close();
    await this.#service.stop();
  }

  /** @returns What was overheard until now: that too which Redis ran before this call, and the monitor tells late. */
  async #mark() {
    const mark = `mark ${++this.#marks}`;
    await this.direct.echo(mark);
    const at = (): number => this.#heard.findIndex(({ argument }) => argument === mark);
    await until(() => at() >= 0);
    return this.#heard.slice(0, at());
  }

  /** How often Redis ran each command since its counters began, those of this class aside. */
  async #counted(): Promise<Record<string, number>> {
    const stats = await this.direct.info('commandstats');
    const calls = [...stats.matchAll(/^cmdstat_([^:|]+)[^:]*:calls=(\d+)/gm)];
    const counted = calls.map(([, name = '', count]) => [name, Number(count)] as const);
    return Object.fromEntries(counted.filter(([name]) => name !== 'config' && name !== 'echo'));
  }
}

function countOf(commands: readonly { readonly name: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { name } of commands) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** Passes everything on, and counts. */
class Tap {
  roundTrips = 0;
  bytesDown = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  static async open(target: { readonly host: string; readonly port: number }): Promise<Tap> {
    const tap = new Tap(target);
    tap.#server.listen(0, '127.0.0.1');
    await once(tap.#server, 'listening');
    return tap;
  }

  private constructor({ host, port }: { readonly host: string; readonly port: number }) {
    this.#server = createServer((client) => this.#join(client, connect(port, host)));
  }

  get port(): number {
    const address = this.#server.address();
    return address !== null && typeof address !== 'string' ? address.port : 0;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(client: Socket, upstream: Socket): void {
    let waiting = false;
    client.on('data', (bytes) => {
      if (!waiting) this.roundTrips++;
      waiting = true;
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      waiting = false;
      this.bytesDown += bytes.length;
      client.write(bytes);
    });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      // An error is always followed by 'close', which ends the other side.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }
}

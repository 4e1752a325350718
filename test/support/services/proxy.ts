import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Address } from './service.js';

/** A TCP proxy between a client and a service, for the faults of networks. */
export interface NetworkProxy extends Address {
  /** The service's URL with the proxy's address. */
  url(serviceUrl: string): string;

  /** How many connections are open. */
  readonly open: number;
  /** How many connections there have been. */
  readonly accepted: number;

  /** Ends every connection, and new ones as soon as they are there, until {@link NetworkProxy.restore}. */
  cut(): void;

  /** Ends every connection and listens no more, until {@link NetworkProxy.restore}: as if no server ran there. */
  refuse(): void;

  /** Ends every connection. New ones are welcome. */
  disconnect(): void;

  /** Holds whatever passes, either way, for `milliseconds`. */
  delay(milliseconds: number): void;

  /** Accepts everything and passes nothing on. What arrived meanwhile is delivered by {@link NetworkProxy.restore}, as TCP would. */
  blackhole(): void;

  /**
   * Drops what the service sends to clients that have said `words`, for good and without a word to anybody. Their
   * connections stay open, and all others as they are.
   */
  swallow(words: RegExp): void;
  /** How many times something was dropped. */
  readonly swallowed: number;

  /** Drops whatever the open connections say from now on, either way, and leaves them open. New connections pass. */
  freeze(): void;

  /** Leads new connections to another service. Open ones stay where they are. */
  retarget(target: Address): void;

  /** Passes everything on again, at once. */
  restore(): void;

  /** Ends the proxy. */
  close(): Promise<void>;
}

/** How much of what a client says is remembered, in bytes. */
const MOST_HEEDED = 4_096;

/** Starts a proxy in front of `target`, on a free port. */
export async function startProxy(target: Address): Promise<NetworkProxy> {
  const proxy = new TcpProxy(target);
  await proxy.listen();
  return proxy;
}

type Mode = { readonly kind: 'pass' | 'cut' | 'blackhole' } | { readonly kind: 'delay'; readonly milliseconds: number };

class TcpProxy implements NetworkProxy {
  readonly host = '127.0.0.1';
  port = 0;
  accepted = 0;
  swallowed = 0;
  #target: Address;
  /** Of connections: those of an earlier one are frozen. */
  #generation = 0;
  readonly #server: Server;
  readonly #clients = new Set<Socket>();
  readonly #sockets = new Set<Socket>();
  /** What is delayed, or in a black hole. */
  #held: Array<() => void> = [];
  #mode: Mode = { kind: 'pass' };
  #swallowing: RegExp | undefined;

  constructor(target: Address) {
    this.#target = target;
    this.#server = createServer((client) => this.#accept(client));
  }

  get open(): number {
    return this.#clients.size;
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, this.host, () => {
        const address = this.#server.address();
        if (address !== null && typeof address !== 'string') this.port = address.port;
        resolve();
      });
    });
  }

  url(serviceUrl: string): string {
    const url = new URL(serviceUrl);
    url.hostname = this.host;
    url.port = String(this.port);
    return url.href;
  }

  cut(): void {
    this.#mode = { kind: 'cut' };
    this.disconnect();
  }

  refuse(): void {
    this.cut();
    this.#server.close();
  }

  disconnect(): void {
    this.#held = [];
    for (const socket of this.#sockets) socket.destroy();
  }

  delay(milliseconds: number): void {
    this.#mode = { kind: 'delay', milliseconds };
  }

  blackhole(): void {
    this.#mode = { kind: 'blackhole' };
  }

  swallow(words: RegExp): void {
    this.#swallowing = words;
  }

  freeze(): void {
    this.#generation++;
  }

  retarget(target: Address): void {
    this.#target = target;
  }

  restore(): void {
    this.#mode = { kind: 'pass' };
    this.#swallowing = undefined;
    if (!this.#server.listening) this.#server.listen(this.port, this.host);
    const held = this.#held;
    this.#held = [];
    for (const deliver of held) deliver();
  }

  close(): Promise<void> {
    this.cut();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #accept(client: Socket): void {
    if (this.#mode.kind === 'cut') {
      client.destroy();
      return;
    }
    this.accepted++;
    const upstream = connect(this.#target.port, this.#target.host);
    this.#clients.add(client);
    client.once('close', () => this.#clients.delete(client));
    const generation = this.#generation;
    let said = '';
    this.#join(client, upstream, (chunk) => {
      if (said.length < MOST_HEEDED) said += chunk.toString('latin1');
      return generation === this.#generation;
    });
    this.#join(upstream, client, () => {
      if (generation !== this.#generation) return false;
      if (this.#swallowing?.test(said) !== true) return true;
      this.swallowed++;
      return false;
    });
  }

  /** @param wanted - Whether a chunk is to be passed on at all. */
  #join(from: Socket, to: Socket, wanted: (chunk: Buffer) => boolean): void {
    this.#sockets.add(from);
    from.setNoDelay(true);
    from.on('data', (chunk) => {
      if (wanted(chunk)) this.#pass(() => to.destroyed || to.write(chunk));
    });
    from.on('end', () => this.#pass(() => to.end()));
    // An error is always followed by 'close', which ends the other side.
    from.on('error', () => undefined);
    from.on('close', () => {
      this.#sockets.delete(from);
      this.#pass(() => to.destroy());
    });
  }

  /** One queue for everything that waits: bytes keep their order whatever the modes that follow each other. */
  #pass(deliver: () => void): void {
    if (this.#mode.kind === 'pass' || this.#mode.kind === 'cut') {
      deliver();
      return;
    }
    this.#held.push(deliver);
    if (this.#mode.kind === 'delay') setTimeout(() => this.#release(), this.#mode.milliseconds);
  }

  #release(): void {
    if (this.#mode.kind !== 'blackhole') this.#held.shift()?.();
  }
}

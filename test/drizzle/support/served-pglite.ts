import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { PGlite } from '@electric-sql/pglite';

/** A PGlite of this process that other processes reach as a PostgreSQL server. */
export interface ServedPGlite {
  readonly url: string;
  stop(): Promise<void>;
}

/** After which messages of PostgreSQL's protocol a client waits for an answer: a query, or the end of several steps. */
const ANSWERED = new Set(['Q', 'S']);
const TERMINATE = 'X';

/**
 * Serves `lite` over PostgreSQL's own protocol, to one connection at a time, since it is one session only.
 *
 * No other process may send a query while this process has a transaction open: it would run inside that transaction.
 */
export async function servePGlite(lite: PGlite): Promise<ServedPGlite> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A client that was killed is only gone.
    socket.on('error', () => socket.destroy());
    serve(lite, socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function serve(lite: PGlite, socket: Socket): void {
  let received: Buffer = Buffer.alloc(0);
  let started = false;
  let answering = Promise.resolve();

  /** Hands over whole questions only: the steps of one must not mix with what this process asks. */
  function take(): void {
    let whole = 0;
    for (let at = 0; ; ) {
      // The first message has no type.
      const head = started ? 1 : 0;
      if (received.length < at + head + 4) break;
      const end = at + head + received.readInt32BE(at + head);
      if (received.length < end) break;
      const type = String.fromCharCode(received[at] ?? 0);
      if (started && type === TERMINATE) return void socket.end();
      if (!started || ANSWERED.has(type)) whole = end;
      started = true;
      at = end;
    }
    const question = new Uint8Array(received.subarray(0, whole));
    received = received.subarray(whole);
    if (question.length > 0) answering = answering.then(() => answer(question));
  }

  async function answer(question: Uint8Array): Promise<void> {
    try {
      const reply = await lite.runExclusive(() => lite.execProtocolRaw(question));
      if (socket.writable) socket.write(reply);
    } catch (error) {
      socket.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  socket.on('data', (data) => {
    received = Buffer.concat([received, data]);
    take();
  });
}

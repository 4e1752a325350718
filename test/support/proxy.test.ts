import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type NetworkProxy, startProxy, waitUntil } from './services/index.js';

let echo: Server;
let proxy: NetworkProxy;
const clients: Socket[] = [];

beforeEach(async () => {
  echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  const address = echo.address();
  if (address === null || typeof address === 'string') throw new Error('The echo server has no port');
  proxy = await startProxy({ host: '127.0.0.1', port: address.port });
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await proxy.close();
  await new Promise((resolve) => echo.close(resolve));
});

function dial(): { readonly socket: Socket; heard(): string } {
  const socket = connect(proxy.port, proxy.host);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => undefined);
  clients.push(socket);
  return { socket, heard: () => text };
}

it('a proxy passes bytes both ways and counts connections', async () => {
  const { socket, heard } = dial();

  socket.write('hello');

  await waitUntil('the echo', async () => expect(heard()).toBe('hello'));
  expect([proxy.accepted, proxy.open]).toEqual([1, 1]);
});

it('a black hole accepts connections and does not respond; after it, the bytes are delivered in order', async () => {
  const { socket, heard } = dial();
  socket.write('a');
  await waitUntil('the echo', async () => expect(heard()).toBe('a'));

  proxy.blackhole();
  await new Promise((resolve) => socket.write('b', resolve));
  const late = dial();
  await waitUntil('the second connection', async () => expect(proxy.accepted).toBe(2));
  expect([heard(), late.heard(), socket.destroyed]).toEqual(['a', '', false]);

  proxy.restore();
  socket.write('c');
  await waitUntil('the rest', async () => expect(heard()).toBe('abc'));
});

it('a proxy can refuse connections until it is restored, like a machine without a server', async () => {
  const first = dial();
  await waitUntil('the connection', async () => expect(proxy.open).toBe(1));

  proxy.refuse();
  await waitUntil('the end', async () => expect(first.socket.destroyed).toBe(true));
  const second = connect(proxy.port, proxy.host);
  const refusal = await new Promise((resolve) => second.once('error', resolve).once('connect', resolve));
  expect(refusal).toMatchObject({ code: 'ECONNREFUSED' });

  proxy.restore();
  const third = dial();
  third.socket.write('again');
  await waitUntil('the echo', async () => expect(third.heard()).toBe('again'));
});

it('a cut ends every connection, and closes new ones until it is restored', async () => {
  const first = dial();
  await waitUntil('the connection', async () => expect(proxy.open).toBe(1));

  proxy.cut();
  await waitUntil('the end', async () => expect(first.socket.destroyed).toBe(true));
  const second = dial();
  await waitUntil('the refusal', async () => expect(second.socket.destroyed).toBe(true));
  expect(proxy.accepted).toBe(1);

  proxy.restore();
  const third = dial();
  third.socket.write('x');
  await waitUntil('the echo', async () => expect(third.heard()).toBe('x'));
});

it('a delay holds bytes for its time and keeps their order', async () => {
  const { socket, heard } = dial();
  proxy.delay(100);
  const began = performance.now();

  socket.write('a');
  socket.write('b');

  await waitUntil('the echo', async () => expect(heard()).toBe('ab'));
  expect(performance.now() - began).toBeGreaterThan(150); // once each way
});

it('a proxy swallows what is sent to clients that have sent a given word, and nothing else', async () => {
  const listener = dial();
  const other = dial();
  listener.socket.write('listen');
  await waitUntil('the echo', async () => expect(listener.heard()).toBe('listen'));

  proxy.swallow(/listen/);
  for (const { socket } of [listener, other]) socket.write('lost?');
  await waitUntil('the other echo', async () => expect(other.heard()).toBe('lost?'));
  await waitUntil('the loss', async () => expect(proxy.swallowed).toBe(1));
  proxy.restore();
  listener.socket.write('more');

  await waitUntil('what came later', async () => expect(listener.heard()).toBe('listenmore'));
});

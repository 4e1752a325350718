/*
 * One application: a client, a cache, readers and writers. It does what messages ask, and ends when the one who started
 * it does.
 */

import { type Client, openClient } from './client.js';
import { Journal } from './journal.js';
import type { Reply, Request } from './messages.js';
import { Work } from './work.js';

let client: Client | undefined;
let work: Work | undefined;

process.on('disconnect', () => process.exit(0));
// Ctrl-C is for the one who started it.
process.on('SIGINT', () => undefined);

process.on('message', (request: Request) => {
  const { id } = request;
  run(request).then(
    () => process.send?.({ id } satisfies Reply),
    (error: unknown) =>
      process.send?.({ id, error: error instanceof Error ? (error.stack ?? '') : String(error) } satisfies Reply),
  );
});

async function run(request: Request): Promise<void> {
  switch (request.task) {
    case 'open':
      client = openClient(request.setup);
      work = new Work(client, new Journal(request.setup.journal), request.setup);
      // A cache opens with its first read.
      await client.db.item.findFirst();
      return;
    case 'start':
      client?.watch.reset();
      return work?.start(request.load);
    case 'stop':
      return work?.stop();
    case 'die-after':
      // The database has answered, and no code here knows it yet.
      void client?.watch
        .hold(new RegExp(request.statement, 'i'))
        .reached.then(() => process.kill(process.pid, 'SIGKILL'));
      return;
    case 'close':
      return client?.close();
  }
}

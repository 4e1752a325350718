import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { POSTGRES } from './services/postgres.js';
import { waitUntil } from './services/wait-until.js';

it('a private server ends with the process that started it, even if that process is killed', async () => {
  const script = fileURLToPath(new URL('./fixtures/start-and-hang.ts', import.meta.url));
  const owner = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [text] = (await once(owner.stdout, 'data')) as [Buffer];
  const port = Number(text.toString());
  await POSTGRES.check('127.0.0.1', port);

  owner.kill('SIGKILL');

  await waitUntil('the end of the server', () =>
    expect(POSTGRES.check('127.0.0.1', port)).rejects.toThrow('ECONNREFUSED'),
  );
});

import { freePort } from '../test/support/services/free-port.js';
import { waitUntil } from '../test/support/services/wait-until.js';
import type { Project } from './project.js';

/** What a server of a consumer did. */
export interface Visit {
  /** What the page said before the write: the first answer, and the first that came from the cache. */
  readonly first: string;
  readonly hit: string;
  /** What it said right after another module of the application had written `second`. */
  readonly afterWrite: string;
  /** Whether the server ended when it was asked to. */
  readonly ended: boolean;
}

/** Starts a server, reads its page until it is a hit, writes through its route, reads again, and ends it. */
export async function visit(
  project: Project,
  parameters: (port: number) => readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<Visit> {
  const port = await freePort();
  const server = project.start(parameters(port), { ...environment, PORT: String(port), HOSTNAME: '127.0.0.1' });
  const address = `http://127.0.0.1:${port}`;
  try {
    const first = await waitUntil('The page answers', () => page(address), 120_000);
    const hit = await waitUntil('The page answers from the cache', async () => {
      const answer = await page(address);
      if (!answer.includes('|hit|')) throw new Error(answer);
      return answer;
    });
    const response = await fetch(`${address}/api/rename`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'second' }),
    });
    if (!response.ok) throw new Error(`The route answered ${response.status}: ${await response.text()}`);
    const afterWrite = await page(address);
    const ended = await server.stop(30_000);
    return { first, hit, afterWrite, ended };
  } catch (error) {
    await server.stop(0);
    throw new Error(`${String(error)}\nThe server printed:\n${server.output}`, { cause: error });
  }
}

/** The line that the page shows: title, status, reason. */
async function page(address: string): Promise<string> {
  const response = await fetch(address);
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${text.slice(0, 500)}`);
  return (/<pre id="answer">(.*?)<\/pre>/.exec(text)?.[1] ?? text).trim();
}

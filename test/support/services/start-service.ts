import { hasContainers, startContainerServer } from './container-server.js';
import { findProgram } from './find-program.js';
import { startLocalServer } from './local-server.js';
import type { Recipe } from './recipe.js';
import type { Provider, Service } from './service.js';

const PROVIDERS: readonly Provider[] = ['url', 'container', 'binary', 'package'];

/** Set to one provider's name to use that one and no other. */
const VARIABLE = 'CACHETASTIC_TEST_SERVICES';

/** The provider that the environment asks for, if it does. */
export function forcedProvider(): Provider | undefined {
  const given = process.env[VARIABLE];
  if (given === undefined || given === '') return undefined;
  const provider = PROVIDERS.find((name) => name === given);
  if (provider === undefined) throw new Error(`${VARIABLE}: got '${given}', allowed: ${PROVIDERS.join(', ')}`);
  return provider;
}

/**
 * Starts a private server: in a container if a Docker daemon answers, else from this machine's binaries, else out of a package.
 *
 * @throws With what was tried and what to install, if none of them works.
 */
export async function startService(recipe: Recipe): Promise<Service> {
  const forced = forcedProvider();
  // A URL names a server that is not ours to mistreat, so a private one comes from wherever it can.
  const allowed = (provider: Provider): boolean => forced === undefined || forced === 'url' || forced === provider;
  const failures: string[] = [];

  for (const [provider, start] of STARTERS) {
    if (!allowed(provider)) continue;
    try {
      const service = await start(recipe);
      if (service !== undefined) return service;
      failures.push(`${provider}: there is none`);
    } catch (error) {
      failures.push(`${provider}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(`No ${recipe.name} for the tests. ${recipe.hint}.\nTried:\n  ${failures.join('\n  ')}`);
}

type Starter = (recipe: Recipe) => Promise<Service | undefined>;

const STARTERS: ReadonlyArray<readonly [Provider, Starter]> = [
  ['container', async (recipe) => ((await hasContainers()) ? startContainerServer(recipe) : undefined)],
  [
    'binary',
    async (recipe) => {
      const program = findProgram(recipe);
      return program === undefined ? undefined : startLocalServer(recipe, program, 'binary');
    },
  ],
  ['package', async (recipe) => startLocalServer(recipe, await recipe.unpack(), 'package')],
];

import { createServer, type Server } from 'node:http';
import type { TestProject } from 'vitest/node';
import { MYSQL } from './mysql.js';
import { POSTGRES } from './postgres.js';
import type { Recipe } from './recipe.js';
import { redisRecipe } from './redis.js';
import type { Service } from './service.js';
import { forcedProvider, startService } from './start-service.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where test files ask for the services that they share. */
    readonly servicesUrl: string;
  }
}

const SHARED: ReadonlyMap<string, { readonly recipe: Recipe; readonly variable: string }> = new Map([
  ['postgres', { recipe: POSTGRES, variable: 'DATABASE_URL' }],
  ['mysql', { recipe: MYSQL, variable: 'MYSQL_URL' }],
  ['redis', { recipe: redisRecipe(), variable: 'REDIS_URL' }],
]);

/**
 * Vitest's global set-up: owns the services that all test files share. Each starts when the first file asks for it,
 * so a run of unit tests starts none, and all stop at the end of the run.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started = new Map<string, Promise<string>>();
  const services: Service[] = [];

  const start = async (name: string): Promise<string> => {
    const shared = SHARED.get(name);
    if (shared === undefined) throw new Error(`There is no service named ${name}`);
    const { recipe, variable } = shared;
    const forced = forcedProvider();
    const url = process.env[variable];
    if (url !== undefined && url !== '' && (forced === undefined || forced === 'url')) {
      process.stderr.write(`${recipe.name}: from ${variable}\n`);
      return url;
    }
    if (forced === 'url') throw new Error(`No ${recipe.name} for the tests: ${variable} is not set`);
    const service = await startService(recipe);
    services.push(service);
    process.stderr.write(`${recipe.name}: ${service.provider} on port ${service.port}\n`);
    return service.url;
  };

  const server = createServer((request, response) => {
    const name = (request.url ?? '').slice(1);
    const url = started.get(name) ?? start(name);
    started.set(name, url);
    url.then(
      (text) => response.end(text),
      (error: unknown) => {
        response.statusCode = 500;
        response.end(error instanceof Error ? error.message : String(error));
      },
    );
  });
  project.provide('servicesUrl', await listen(server));

  return async () => {
    server.close();
    // A start that is still under way ends up in `services` as well.
    await Promise.allSettled(started.values());
    await Promise.all(services.map((service) => service.stop()));
  };
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('The service broker got no port'));
      else resolve(`http://127.0.0.1:${address.port}`);
    });
  });
}

import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(`./packages/${path}`, import.meta.url));

/** Tests run against the sources; only test/package runs against what is packed. */
const alias = [
  { find: /^@cachetastic\/core$/, replacement: source('core/src/index.ts') },
  { find: /^@cachetastic\/core\/redis$/, replacement: source('core/src/redis/index.ts') },
  { find: /^@cachetastic\/core\/sql$/, replacement: source('core/src/sql/index.ts') },
  { find: /^@cachetastic\/core\/adapter$/, replacement: source('core/src/adapter/index.ts') },
  { find: /^@cachetastic\/core\/testing$/, replacement: source('core/src/testing/index.ts') },
  { find: /^@cachetastic\/drizzle$/, replacement: source('drizzle/src/index.ts') },
  { find: /^@cachetastic\/prisma-extension$/, replacement: source('prisma-extension/src/index.ts') },
];

/** Long tests: many random runs, and what takes minutes. `npm test` leaves them out, `npm run test:long` runs them, .ci/run both. */
export const LONG = 'test/**/*.long.test.ts';

export default defineConfig({
  resolve: { alias },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/generated/**', LONG],
    // Starts nothing by itself: services start when a test file first asks for one.
    globalSetup: ['test/support/services/broker.ts'],
    pool: 'forks',
    // Many tests wait for servers: with one worker less than cores, which is vitest's default, the machine would idle.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 60_000,
    // A first service may have to be installed or pulled.
    hookTimeout: 180_000,
    env: { NODE_ENV: 'test' },
  },
});

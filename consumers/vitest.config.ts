import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Apart from `npm test`: these install frameworks from the npm registry and build with them, which takes minutes.
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['consumers/*.test.ts'],
    globalSetup: ['test/support/services/broker.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});

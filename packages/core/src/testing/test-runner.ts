/** The part of a test framework that the contracts need: `{ describe, it }` of vitest, or of `node:test`. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (name: string, body: () => Promise<void>) => unknown;
}

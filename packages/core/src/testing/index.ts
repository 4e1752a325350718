export { type LogSubject, logContract } from './log-contract.js';
export { ManualClock } from './manual-clock.js';
export { SeparateProcess } from './separate-process.js';
export type { TestRunner } from './test-runner.js';
export { tierContract } from './tier-contract.js';

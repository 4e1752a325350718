// Prints "N passed, N failed" from vitest's JSON report, the last line of .ci/run.
import { readFileSync } from 'node:fs';

const [, , report] = process.argv;
const { numPassedTests, numFailedTests, numFailedTestSuites, success } = JSON.parse(readFileSync(report, 'utf8'));
// A file that cannot be loaded has no tests to fail.
const failed = success ? 0 : Math.max(numFailedTests, numFailedTestSuites, 1);
console.log(`${numPassedTests} passed, ${failed} failed`);

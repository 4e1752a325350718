// Prints "N passed, N failed" from vitest's JSON reports together, the last line of .ci/run.
import { readFileSync } from 'node:fs';

let passed = 0;
let failed = 0;
for (const report of process.argv.slice(2)) {
  const { numPassedTests, numFailedTests, numFailedTestSuites, success } = JSON.parse(readFileSync(report, 'utf8'));
  passed += numPassedTests;
  // A file that cannot be loaded has no tests to fail.
  if (!success) failed += Math.max(numFailedTests, numFailedTestSuites, 1);
}
console.log(`${passed} passed, ${failed} failed`);

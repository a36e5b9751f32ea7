import { readFileSync } from "node:fs";

// Prints how many tests passed, failed and were skipped, and fails where any failed or none passed.
const results = read(process.argv[2]);
const { numPassedTests: passed, numPendingTests, numTodoTests, success } = results;
// A file that does not load, or an error outside of every test, fails no test by name.
const failed = results.numFailedTests || (success ? 0 : results.numFailedTestSuites || 1);
const skipped = numPendingTests + numTodoTests;
process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`);
if (failed > 0 || passed === 0) process.exitCode = 1;

function read(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // Vitest writes no results where it does not even start.
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, success: false };
  }
}

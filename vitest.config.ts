import { defineConfig } from "vitest/config";

/** Of the tests on Pulumi's real engine. */
const engine = { testTimeout: 300_000, hookTimeout: 900_000 };

/**
 * `npm test` runs two kinds of tests every day: those of one concept, mirrored from the source, and those that need
 * Pulumi's real engine to prove a promise of their own (tests/engine). `npm run test:all` runs a third besides: what
 * takes long and seldom finds anything that those two do not (tests/engine/full). One kind follows the other.
 */
export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters: ["default", "./tests/skippedReporter.ts"],
    projects: [
      {
        test: {
          name: "unit",
          include: ["tests/**/*.test.ts"],
          exclude: ["tests/engine/**"],
          globalSetup: "tests/tools/globalSetup.ts",
          sequence: { groupOrder: 0 },
          testTimeout: 30_000,
          // It imports JSON without saying so, which Node refuses.
          server: { deps: { inline: ["@actions/workflow-parser"] } },
        },
      },
      {
        test: {
          ...engine,
          name: "engine",
          include: ["tests/engine/*.test.ts"],
          globalSetup: "tests/engine/globalSetup.ts",
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...engine,
          name: "full",
          include: ["tests/engine/full/*.test.ts"],
          globalSetup: ["tests/engine/globalSetup.ts", "tests/engine/full/buildPackage.ts"],
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});

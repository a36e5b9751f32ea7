import { defineConfig } from "vitest/config";

/**
 * Two kinds of tests: those of one concept, mirrored from the source, and those that run Pulumi's real
 * engine (tests/engine), which share two cores and so run one file at a time.
 */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: "unit",
          include: ["tests/**/*.test.ts"],
          exclude: ["tests/engine/**"],
          testTimeout: 30_000,
          // It imports JSON without saying so, which Node refuses.
          server: { deps: { inline: ["@actions/workflow-parser"] } },
        },
      },
      {
        test: {
          name: "engine",
          include: ["tests/engine/**/*.test.ts"],
          globalSetup: "tests/engine/findEngine.ts",
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
});

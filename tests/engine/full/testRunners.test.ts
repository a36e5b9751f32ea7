import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import { oldestNode } from "../../../common/supportedNode.ts";
import { runCommand } from "../../../sandbox/workspace/runCommand.ts";
import { packPackage, succeed } from "../../package/installPackage.ts";

// npm installs three test runners and two versions of Node.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 600_000 });

const folder = mkdtempSync(path.join(tmpdir(), "exchange-auth-runners-"));
const consumer = path.join(folder, "consumer");

/** The oldest Node that the package runs on, and one before it. */
const nodes = { oldest: `${oldestNode.join(".")}.0`, older: "20.19.0" };

beforeAll(async () => {
  const { tarball } = await packPackage(folder);
  mkdirSync(consumer);
  const dependencies = {
    "exchange-auth": `file:${tarball}`,
    "@pulumi/pulumi": "^3.259.0",
    "@types/jest": "^29.5.14",
    "@types/node": "^22",
    jest: "^29.7.0",
    mocha: "^11.7.0",
    "ts-jest": "^29.4.0",
    typescript: "~5.9.0",
    vitest: "^3.2.0",
    "node-oldest": `npm:node-${process.platform}-${process.arch}@${nodes.oldest}`,
    "node-older": `npm:node-${process.platform}-${process.arch}@${nodes.older}`,
  };
  write("package.json", JSON.stringify({ name: "consumer", private: true, dependencies }));
  // As in Pulumi's guide to unit tests.
  const program = `
    await pulumi.runtime.setMocks({
      newResource: ({ name, inputs }) => ({ id: name + "-id", state: { ...inputs, clientId: "client-id" } }),
      call: ({ inputs }) => inputs,
    });
    const exchange = new ExchangeAppOnlyAuth("exchange", { roles: ["Global Reader"] });
    const appId = await new Promise((resolve) => exchange.appId.apply(resolve));
    assert.equal(appId, "client-id");`;
  const imported = `
    import assert from "node:assert/strict";
    import * as pulumi from "@pulumi/pulumi";
    import { ExchangeAppOnlyAuth } from "exchange-auth";`;
  const required = `
    const assert = require("node:assert/strict");
    const pulumi = require("@pulumi/pulumi");
    const { ExchangeAppOnlyAuth } = require("exchange-auth");`;
  const test = `test("the component", async () => {${program}\n});`;
  write("jest/component.test.ts", imported + test);
  write("jest/component.test.js", required + test);
  write("mocha/component.cjs", required + test.replace("test(", "it("));
  write("mocha/component.mjs", imported + test.replace("test(", "it("));
  write("vitest/component.test.ts", `import { test } from "vitest";${imported}${test}`);
  write(
    "jest.config.js",
    `module.exports = {
      roots: ["<rootDir>/jest"],
      transform: { "\\\\.ts$": ["ts-jest", { tsconfig: { module: "commonjs", esModuleInterop: true, strict: true } }] },
    };`,
  );
  await succeed(
    "npm",
    ["install", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"],
    consumer,
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(consumer, file)), { recursive: true });
  writeFileSync(path.join(consumer, file), text);
}

function nodeOf(name: keyof typeof nodes): string {
  return path.join(consumer, "node_modules", `node-${name}`, "bin/node");
}

describe.each([
  ["the oldest Node", () => nodeOf("oldest")],
  ["this Node", () => process.execPath],
])("on %s", (_, node) => {
  it.each([
    ["jest with ts-jest and with CommonJS", "jest/bin/jest.js", []],
    ["mocha with CommonJS", "mocha/bin/mocha.js", ["mocha/component.cjs"]],
    ["mocha with an ES module", "mocha/bin/mocha.js", ["mocha/component.mjs"]],
    ["vitest", "vitest/vitest.mjs", ["run", "--dir", "vitest"]],
  ])("the component is tested with %s", async (_name, runner, args) => {
    const { exitCode } = await succeed(node(), [path.join("node_modules", runner), ...args], consumer);
    expect(exitCode).toBe(0);
  });
});

describe("on an older Node", () => {
  const sentence = `exchange-auth needs Node ${oldestNode.join(".")} or newer, but this is v${nodes.older}.`;

  it("exo-auth says which one it needs", async () => {
    const result = await runCommand(nodeOf("older"), ["node_modules/.bin/exo-auth", "--version"], {
      cwd: consumer,
    });
    expect(result).toMatchObject({ exitCode: 2, stdout: "", stderr: `${sentence}\n` });
  });

  it.each(["require", "import"])("so does the component, by %s", async (how) => {
    const load =
      how === "require"
        ? "Promise.resolve().then(() => require('exchange-auth'))"
        : "import('exchange-auth')";
    const script = `${load}.catch((error) => console.log(error.message))`;
    const result = await runCommand(nodeOf("older"), ["--eval", script], { cwd: consumer });
    expect(result).toMatchObject({ exitCode: 0, stdout: `${sentence}\n` });
  });
});

it("its package.json says the same to npm", () => {
  const text = readFileSync(path.join(consumer, "node_modules/exchange-auth/package.json"), "utf8");
  expect((JSON.parse(text) as { engines: object }).engines).toEqual({ node: ">=22.12" });
});

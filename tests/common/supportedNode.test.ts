import { readFileSync } from "node:fs";

import { expect, it } from "vitest";

import { nodeProblem, oldestNode } from "../../common/supportedNode.ts";

it.each([
  ["v22.12.0", true],
  ["v22.13.1", true],
  ["v24.0.0", true],
  ["v22.11.0", false],
  ["v20.19.5", false],
])("%s is supported: %s", (version, supported) => {
  expect(nodeProblem(version)).toBe(
    supported ? undefined : `exchange-auth needs Node 22.12 or newer, but this is ${version}.`,
  );
});

it("is what package.json says", () => {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  expect((JSON.parse(text) as { engines: { node: string } }).engines.node).toBe(`>=${oldestNode.join(".")}`);
});

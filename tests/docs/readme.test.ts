import { readFileSync } from "node:fs";
import path from "node:path";

import { expect, it } from "vitest";
import { parse } from "yaml";

import { outputNames } from "../../components/outputs.ts";
import { defaultDeployerPermissions } from "../../sandbox/tenant/index.ts";
import { read, root } from "./pages.ts";

/** The cells of the table under a heading, without code marks. */
function tableUnder(heading: string): readonly (readonly string[])[] {
  const [, section = ""] = read("README.md").split(`\n### ${heading}\n`);
  const [text = ""] = section.split("\n#");
  return [...text.matchAll(/^\| `.*$/gm)].map(([line]) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}

it("lists the configuration as Pulumi.yaml declares it", () => {
  const { config } = parse(readFileSync(path.join(root, "Pulumi.yaml"), "utf8")) as {
    config: Record<string, { type: string; description: string }>;
  };
  expect(tableUnder("Configuration")).toEqual(
    Object.entries(config).map(([key, { type, description }]) => [key, type, description]),
  );
});

it("lists every output", () => {
  expect(tableUnder("Outputs").map(([name]) => name)).toEqual(outputNames);
});

it("lists the permissions that the sandbox's deploying identity has", () => {
  const permissions = tableUnder("What the deploying identity may do").map(([name]) => name);
  expect(new Set(permissions)).toEqual(new Set(defaultDeployerPermissions));
});

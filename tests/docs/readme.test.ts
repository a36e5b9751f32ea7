import { readFileSync } from "node:fs";
import path from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { parse } from "yaml";

import { deployerPermissions } from "../../microsoft/identityPermissions.ts";
import { commands } from "../../cli/commands.ts";
import { ExchangeAppOnlyAuth } from "../../components/index.ts";
import { outputNames } from "../../components/outputs.ts";
import { mockPulumi } from "../components/mocks.ts";
import { read, root } from "./pages.ts";

/** The cells of the table under a page's heading, without code marks. */
function tableUnder(heading: string, page = "docs/settings.md"): readonly (readonly string[])[] {
  const [, section = ""] = read(page).split(`# ${heading}\n`);
  const [text = ""] = section.split("\n#");
  return [...text.matchAll(/^\| `.*$/gm)].map(([line]) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}

it("has its sections, in the order of a reader's questions", () => {
  expect(read("README.md").match(/^##? .*$/gm)).toEqual([
    "# exchange-auth",
    "## Try it",
    "## In your tenant",
    "## What it creates",
    "## Commands",
    "## Status",
    "## Compared with other tools",
    "## Where to go next",
  ]);
});

it("has 200 lines at most", () => {
  expect(read("README.md").split("\n").length).toBeLessThanOrEqual(201);
});

it("lists what the component creates, by type and name", async () => {
  const registered = await mockPulumi();
  new ExchangeAppOnlyAuth("exchange");
  await pulumi.runtime.disconnect();
  const created = registered.flatMap(({ type, name }) => {
    const [, plugin, resource] = /^(azuread|tls|random):.*:(\w+)$/.exec(type) ?? [];
    return resource === undefined ? [] : [`${plugin}.${resource} ${name}`];
  });
  const listed = tableUnder("Resources").map(([type, name]) => `${type} ${name}`);
  expect(new Set(listed)).toEqual(new Set(created));
});

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
  const permissions = tableUnder("What it may do", "docs/deployer.md").flatMap(([name, , , neededBy]) =>
    neededBy?.startsWith("every component") || neededBy?.startsWith("roles") ? [name] : [],
  );
  expect(new Set(permissions)).toEqual(new Set(deployerPermissions));
});

it("names every command of exo-auth once", () => {
  const section = /\n## Commands\n([^]*?)\n## /.exec(readFileSync("README.md", "utf8"))?.[1] ?? "";
  const names = [...section.matchAll(/`([^`]+)`/g)]
    .map(([, name = ""]) => name)
    .filter((name) => name !== "exo-auth");
  expect(names.toSorted()).toEqual(commands.map(({ name }) => name).toSorted());
});

import { readdirSync, readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { parsePlan } from "../../stack/plan.ts";
import type { StackWorkspace } from "../../sandbox/workspace/workspace.ts";
import { shortName } from "../../stack/urn.ts";
import { makeKeyPair } from "../components/mocks.ts";
import { withKey } from "./releasedState.ts";
import { configure, sandboxForTest } from "./support.ts";

const releases = new URL("../fixtures/releases/", import.meta.url);

/** What the first update after a release changes, and nothing else; the changelog names it. */
const changes: Readonly<Record<string, readonly string[]>> = {
  "0.1.0.json": [
    "create random:RandomUuid exchange-marker",
    "create random:RandomUuid exchange-marker-used",
    "update azuread:Application exchange description",
    "update azuread:ServicePrincipal exchange description",
    // The component's own record, which is nothing in the tenant.
    "update exchange-auth:ExchangeAppOnlyAuth exchange",
  ],
};

test.each(readdirSync(releases))("a stack of release %s previews exactly these changes", async (file) => {
  const stack = await stackOf(readFileSync(new URL(file, releases), "utf8"));

  expect(await plannedFor(stack)).toEqual(changes[file]);
});

test("a stack of 0.1.0 whose role opens Security & Compliance previews the added permission, and nothing else", async () => {
  const state = readFileSync(new URL("0.1.0.json", releases), "utf8")
    .replaceAll("exchange-exchange-administrator", "exchange-global-reader")
    .replaceAll("29232cdf-9323-42fd-ade2-1d097af3e4de", "f2ef992c-3afb-46b9-b7cf-a126ee74c451");
  const stack = await stackOf(state);
  await configure(stack, { "roles[0]": "Global Reader" });

  const consent =
    "create azuread:AppRoleAssignment exchange-office365-exchange-online-protection-exchange-manage-as-app";
  const planned = await plannedFor(stack);
  expect(
    planned.map((line) => line.replace(/ requiredResourceAccesses.*/, " requiredResourceAccesses")),
  ).toEqual(
    [consent, ...changes["0.1.0.json"]!]
      .map((line) => (line.includes(":Application ") ? `${line} requiredResourceAccesses` : line))
      .toSorted(),
  );
});

/** What an update would do, but for what stays the same, in the order of the words. */
async function plannedFor(stack: StackWorkspace): Promise<readonly string[]> {
  const { exitCode, stdout } = await stack.run("pulumi", ["preview", "--json", "--non-interactive"]);
  expect(exitCode).toBe(0);
  const { steps } = parsePlan(stdout)!;
  return steps
    .filter(({ op }) => op !== "same")
    .map(({ op, urn, detailedDiff }) => [op, shortName(urn), ...Object.keys(detailedDiff ?? {})].join(" "))
    .toSorted();
}

/** A stack with this state, in a sandbox that ends with the test. */
async function stackOf(state: string): Promise<StackWorkspace> {
  const sandbox = await sandboxForTest();
  const stack = await sandbox.stack("contoso");
  const input = withKey(state, makeKeyPair("/CN=Exchange Online automation"));
  const imported = await stack.run("pulumi", ["stack", "import"], { input });
  if (imported.exitCode !== 0) throw new Error(imported.stderr);
  return stack;
}

import { readdirSync, readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { parsePlan } from "../../stack/plan.ts";
import { makeKeyPair } from "../components/mocks.ts";
import { withKey } from "./releasedState.ts";
import { sandboxForTest } from "./support.ts";

const releases = new URL("../fixtures/releases/", import.meta.url);

/** What the first update after a release changes, and nothing else; the changelog names it. */
const changes: Readonly<Record<string, readonly string[]>> = {
  "0.1.0.json": [
    "create random:index/randomUuid:RandomUuid::exchange-marker",
    "create random:index/randomUuid:RandomUuid::exchange-marker-used",
    "update azuread:index/application:Application::exchange description",
    "update azuread:index/servicePrincipal:ServicePrincipal::exchange description",
  ],
};

test.each(readdirSync(releases))("a stack of release %s previews exactly these changes", async (file) => {
  const sandbox = await sandboxForTest();
  const stack = await sandbox.stack("contoso");
  const input = withKey(
    readFileSync(new URL(file, releases), "utf8"),
    makeKeyPair("/CN=Exchange Online automation"),
  );
  const imported = await stack.run("pulumi", ["stack", "import"], { input });
  if (imported.exitCode !== 0) throw new Error(imported.stderr);

  const { exitCode, stdout } = await stack.run("pulumi", ["preview", "--json", "--non-interactive"]);

  expect(exitCode).toBe(0);
  const { steps } = parsePlan(stdout)!;
  const planned = steps
    .filter(({ op }) => op !== "same")
    .map(({ op, urn, detailedDiff }) =>
      [op, urn.split("$").at(-1), ...Object.keys(detailedDiff ?? {})].join(" "),
    );
  expect(planned.toSorted()).toEqual(changes[file]);
});

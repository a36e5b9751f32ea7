import { readdirSync, readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { parsePlan } from "../../stack/plan.ts";
import { shortName } from "../../stack/urn.ts";
import { makeKeyPair } from "../components/mocks.ts";
import { withKey } from "./releasedState.ts";
import { sandboxForTest } from "./support.ts";

const releases = new URL("../fixtures/releases/", import.meta.url);

test.each(readdirSync(releases))(
  "the first preview of a stack of release %s writes the component's record, and nothing else",
  async (file) => {
    const sandbox = await sandboxForTest();
    const stack = await sandbox.stack("contoso");
    const input = withKey(
      readFileSync(new URL(file, releases), "utf8"),
      makeKeyPair("/CN=Exchange Online automation"),
    );
    const imported = await stack.run("pulumi", ["stack", "import"], { input });
    if (imported.exitCode !== 0) throw new Error(imported.stderr);

    const preview = await stack.run("pulumi", ["preview", "--json", "--show-sames", "--non-interactive"]);
    const plan = parsePlan(preview.stdout);
    const changes = plan?.steps
      .filter(({ op }) => op !== "same")
      .map(({ op, urn }) => `${op} ${shortName(urn)}`);

    expect(changes).toEqual(["update exchange-auth:ExchangeAppOnlyAuth exchange"]);
    expect(plan?.changeSummary).toEqual({ same: 11, update: 1 });
    const component = plan?.steps.find(({ op }) => op === "update");
    expect(component?.oldState?.inputs).toEqual({ cloud: "global" });
    expect(Object.keys(component?.newState?.inputs ?? {}).toSorted()).toEqual([
      "cloud",
      "owners",
      "permissions",
      "roleTemplateIds",
      "signInAudience",
      "userRoles",
    ]);
  },
);

import { spawnSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";

import { expect, test } from "vitest";

import { rules } from "../../policy/rules.ts";
import { azuread } from "../../policy/types.ts";
import { root } from "../docs/pages.ts";
import { servePack } from "./servedPack.ts";

test("the built pack stands alone, and judges as its source does", async () => {
  const { status } = spawnSync(process.execPath, ["scripts/policyPack.ts"], { cwd: root, stdio: "inherit" });
  expect(status).toBe(0);
  const dist = path.join(root, "policy/dist");
  // Whatever it imports lies in it, or is the package that its manifest names.
  for (const file of globSync("**/*.js", { cwd: dist }))
    for (const [, imported = ""] of readFileSync(path.join(dist, file), "utf8").matchAll(
      /require\("([^"]+)"\)/g,
    ))
      expect(
        imported.startsWith(".")
          ? existsSync(path.join(dist, path.dirname(file), imported))
          : ["@pulumi/policy", "node:crypto"].includes(imported),
        `${file} imports ${imported}`,
      ).toBe(true);
  expect(JSON.parse(readFileSync(path.join(dist, "package.json"), "utf8"))).toMatchObject({
    dependencies: { "@pulumi/policy": "^1.21.0" },
  });

  const pack = await servePack(dist);
  try {
    const info = await pack.info();
    expect(info.getName()).toBe("exchange-auth-policies");
    expect(info.getPoliciesList().map((policy) => policy.getName())).toEqual(rules.map(({ name }) => name));
    const secret = { type: azuread("ApplicationPassword"), name: "x", properties: {} };
    expect(await pack.analyze({ ...secret, provider: { tenantId: "t" } })).toEqual([
      expect.stringMatching(/^mandatory no-client-secrets: ApplicationPassword "x" is a client secret\. /),
    ]);
  } finally {
    await pack.close();
  }
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { installInto, packPackage } from "../../package/installPackage.ts";
import { expectNoChanges, outputs, sandboxForTest, up } from "../support.ts";

test("the package runs in a project as Pulumi's TypeScript template makes it", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "exchange-auth-installed-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const project = path.join(folder, "consumer");
  await installInto(project, await packPackage(folder));
  const sandbox = await sandboxForTest();
  const stack = await sandbox.stack("contoso", { project });

  expect(await up(stack)).toMatchObject({ exitCode: 0, messages: "" });
  expect(await outputs(stack)).toEqual({
    appId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    tenantDomain: "contoso.onmicrosoft.com",
  });
  expect(await expectNoChanges(stack)).toBe(0);
});

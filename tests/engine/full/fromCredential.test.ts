import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { appOnlyRoles } from "../../../microsoft/roles.ts";
import { auditPermissions, optionalAuditPermissions } from "../../../operations/audit/rules.ts";
import { commandsOf, read } from "../../docs/pages.ts";
import { copyProgram } from "../../docs/programCopy.ts";
import { callGraph, outputs, sandboxForTest, within } from "../support.ts";
import { openSeed, tenantGraph } from "../tenantGraph.ts";

test("the new half works: an application with the least role, a proof, and files for the host", async () => {
  const sandbox = await sandboxForTest({ tenant: { seeds: [openSeed] } });
  const reader = await tenantGraph(sandbox.tenant).reader([...auditPermissions, ...optionalAuditPermissions]);
  const asReader = { ARM_CLIENT_ID: reader.clientId, ARM_CLIENT_SECRET: reader.clientSecret };
  const typed = within(await sandbox.stack("contoso"), { ...sandbox.env, PULUMI_STACK: "contoso-reports" });
  const folder = join(sandbox.folder.path, "clone");
  copyProgram(folder);
  const said = new Map<string, string>();
  for (const { text } of commandsOf("docs/fromCredential.md")) {
    const env = { ...typed.env, ...(text === "exo-auth audit" && asReader) };
    const { exitCode, stdout, stderr } = await typed.run("sh", ["-c", text], { env, cwd: folder });
    if (exitCode !== 0) throw new Error(`${text} ended with ${exitCode}:\n${stdout}${stderr}`);
    said.set(text, stdout);
  }

  const { appId } = await outputs(typed);
  const { value } = await callGraph(
    sandbox.tenant,
    "GET",
    `/applications?$filter=appId%20eq%20'${String(appId)}'`,
  );
  expect(value).toMatchObject([{ displayName: "Exchange reports" }]);
  expect(said.get("exo-auth verify")).toContain("✓ roles in the token: Global Reader\n");
  expect(said.get("exo-auth audit")?.trimEnd()).toMatch(/nothing found in \d+ checks, 2 not read$/);
  expect(existsSync(join(folder, "certificates/exchange.pfx"))).toBe(true);
  expect(readFileSync(join(folder, "certificates/exchange.cer"))[0]).toBe(0x30);
});

test("the page lists every role that app-only authentication supports, with what it opens", () => {
  const rows = [
    ...read("docs/fromCredential.md").matchAll(/^\| (\w[\w ]*?) +\| (yes|no) +\| (yes|no) +\|/gm),
  ];
  const listed = Object.fromEntries(
    rows.map(([, name = "", exchange, compliance]) => [name, [exchange, compliance]]),
  );
  expect(listed).toEqual(
    Object.fromEntries(
      appOnlyRoles.map(({ displayName, exchangeOnline, securityAndCompliance }) => [
        displayName,
        [yes(exchangeOnline), yes(securityAndCompliance)],
      ]),
    ),
  );
});

function yes(opens: boolean): string {
  return opens ? "yes" : "no";
}

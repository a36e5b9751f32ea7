import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  applicationActions,
  credentialPermissions,
  credentialRoles,
} from "../../../microsoft/credentialWriters.ts";
import { auditPermissions, findingRules } from "../../../operations/audit/rules.ts";
import { exchangeRoleRules } from "../../../operations/grant/roleRules.ts";
import { timedRoleRules } from "../../../operations/timedRoles/timedRoleFindings.ts";
import { driftRules } from "../../../operations/drift/rules.ts";
import { permittedToDeployers, permittedToReaders } from "../../../operations/audit/identityRights.ts";
import { identityRules } from "../../../operations/audit/identityRules.ts";
import {
  deployerPermissions,
  previewerPermissions,
  readerPermissions,
} from "../../../microsoft/identityPermissions.ts";
import type { Rule } from "../../../operations/findings/finding.ts";

test.each<[string, readonly Rule[]]>([
  [
    "docs/findings.md",
    [...findingRules, ...exchangeRoleRules, ...timedRoleRules, ...Object.values(identityRules)],
  ],
  ["docs/drift.md", driftRules],
])("%s names every finding with its severity, and no other", (page, all) => {
  const rows = readFileSync(page, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| `EXO-"))
    .flatMap((line) =>
      [...line.matchAll(/`(EXO-[A-Z-]+)`/g)].map(([, id]) => [
        id,
        /\| (low|medium|high|critical)/.exec(line)?.[1],
      ]),
    );
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(all.map(({ id, severity }) => [id, severity])));
});

test("docs/audit.md names every permission that an audit needs", () => {
  expect(readFileSync("docs/audit.md", "utf8")).toContain(
    `the permissions ${auditPermissions.slice(0, -1).join(", ")} and ${auditPermissions.at(-1)} of Microsoft Graph`,
  );
});

test("docs/auditTenantWide.md names every right that --tenant-wide lists, and no other", () => {
  const [, section = ""] = readFileSync("docs/auditTenantWide.md", "utf8").split(/^## Who is on the list$/m);
  const [, ...rows] = section.split("\n## ")[0]?.match(/^\|.*$/gm) ?? [];
  const named = rows.slice(1).flatMap((row) => {
    const cell = row.split("|")[1]?.trim() ?? "";
    const values = [...cell.matchAll(/`([^`]+)`/g)].map(([, value]) => value);
    return values.length > 0 ? values : cell.split(", ");
  });
  expect(named).toEqual([
    ...credentialRoles.map(({ name }) => name),
    ...credentialPermissions.map(({ value }) => value),
  ]);
});

test("docs/auditTenantWide.md names every action of custom roles that --tenant-wide looks for, and no other", () => {
  const page = readFileSync("docs/auditTenantWide.md", "utf8");
  const wanted = applicationActions
    .filter(({ addsCredentials }) => addsCredentials)
    .flatMap(({ actions }) => actions)
    .filter((action) => !action.includes(".myOrganization/"));
  const named = [...page.matchAll(/`(microsoft\.directory\/[^`]+)`/g)].map(([, action]) => action ?? "");
  expect(new Set(named)).toEqual(new Set(wanted));
});

test.each([
  ["docs/deployer.md", permittedToDeployers, ["AuditLog.Read.All"]],
  ["docs/audit.md", permittedToReaders, ["Domain.Read.All", "User.Read.All"]],
])("%s lists what such an identity may have", (page, permitted, besideTheTable) => {
  const text = readFileSync(page, "utf8");
  const listed = text.split("\n").flatMap((line) => /^\| `([A-Za-z]+\.[A-Za-z.]+)`/.exec(line)?.[1] ?? []);
  for (const permission of besideTheTable) expect(text).toContain(permission);
  expect([...permitted].toSorted()).toEqual([...new Set([...listed, ...besideTheTable])].toSorted());
});

test("examples/deployer grants what the identities may have", () => {
  const program = readFileSync("examples/deployer/index.ts", "utf8");
  const [deploying, reading] = [
    ...program.matchAll(/^const (?:permissions|reading) = \[\n([^]*?)\];$/gm),
  ].map(([, list = ""]) => [...list.matchAll(/^ {2}"(.*)",$/gm)].map(([, value]) => value));
  expect(deploying).toEqual(deployerPermissions);
  expect(reading).toEqual(readerPermissions);
  expect(program).toContain(
    `const previewing = ${JSON.stringify(previewerPermissions).replaceAll(",", ", ")};`,
  );
});

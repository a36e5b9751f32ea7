import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { contentHash } from "../../../operations/findings/contentHash.ts";
import { assignmentName } from "../../../operations/grant/ownNames.ts";
import { defaultSeed, furtherIdentities } from "../../../sandbox/tenant/index.ts";
import { startTestTenant, type TestTenant } from "../../graph/testTenant.ts";
import { auditGranted } from "./auditGranted.ts";
import { prepareGrantTenant } from "./exchangeTenant.ts";

// Set-ManagementRoleAssignment -Enabled $false leaves an assignment where it is, and it gives nothing.
let tenant: TestTenant;
const role = { role: "View-Only Recipients" };

beforeAll(async () => {
  tenant = await startTestTenant({ seeds: [{ ...defaultSeed, identities: furtherIdentities }] });
});
beforeEach(() => tenant.server.reset());
afterAll(() => tenant.server.close());

test("a declared role that was switched off is missing, and `grant` gives it anew", async () => {
  const granted = await prepareGrantTenant(tenant);
  const { run, subject, admin, asJob } = granted;
  const component = subject({ roles: [role] });
  const name = assignmentName(component, role);
  await run(component);
  expect(await asJob("Get-Mailbox")).not.toEqual([]);
  await admin("Set-ManagementRoleAssignment", { Identity: name, Enabled: false });
  await expect(asJob("Get-Mailbox")).rejects.toThrow(/^Exchange Online answered 403 /);

  const { findings } = await auditGranted(tenant, granted, { exchange: { roles: [role] } });
  expect(findings).toMatchObject([
    {
      id: "EXO-AUDIT-EXCHANGE-ROLE-MISSING",
      subject: "Exchange Online: View-Only Recipients",
      found: `${name}, but disabled`,
    },
  ]);
  const { grants } = await run(component);
  expect(grants[0]?.steps.map(({ title }) => title)).toEqual([
    `remove the role assignment "${name}", which was changed`,
    'give the application the role "View-Only Recipients"',
  ]);
  expect(await asJob("Get-Mailbox")).not.toEqual([]);
});

test("one that nobody declared is told as disabled, and an acceptance of it ends when it is switched on", async () => {
  const granted = await prepareGrantTenant(tenant);
  const { admin, job, run, subject } = granted;
  await run(subject({ groups: ["Help Desk"] }));
  await admin("New-ManagementRoleAssignment", { Name: "Theirs", Role: "Journaling", App: job.appId });
  const subjectAs = async (enabled: boolean): Promise<readonly unknown[]> => {
    await admin("Set-ManagementRoleAssignment", { Identity: "Theirs", Enabled: enabled });
    const { findings } = await auditGranted(tenant, granted, { exchange: { groups: ["Help Desk"] } });
    return findings.map((finding) => [finding.subject, finding.found]);
  };
  expect(await subjectAs(false)).toEqual([
    [content("disabled"), "Theirs, held by the application directly, but disabled"],
  ]);
  expect(await subjectAs(true)).toEqual([[content(), "Theirs, held by the application directly"]]);
});

/** How a baseline names the role, by what its assignment gives. */
function content(...more: readonly string[]): string {
  const given = ["Journaling", false, "", null, false, ...more];
  return `Exchange Online: Journaling ${contentHash([JSON.stringify(given)])}`;
}

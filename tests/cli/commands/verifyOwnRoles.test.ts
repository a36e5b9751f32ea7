import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readCertificate } from "../../../common/certificate.ts";
import { verifyExitCode } from "../../../cli/commands/verify.ts";
import { verificationLines } from "../../../cli/views/verifyView.ts";
import type { DeclaredRoles } from "../../../operations/grant/declaredRoles.ts";
import { nothingDeclared } from "../../../operations/grant/declaredRoles.ts";
import type { VerificationTarget } from "../../../operations/verification/verificationTarget.ts";
import { type Verification, verify } from "../../../operations/verification/verify.ts";
import type { TestTenant } from "../../graph/testTenant.ts";
import { startTestTenant } from "../../graph/testTenant.ts";
import { type GrantTenant, prepareGrantTenant } from "../../operations/grant/exchangeTenant.ts";

let tenant: TestTenant;

beforeAll(async () => {
  tenant = await startTestTenant();
});
beforeEach(() => {
  tenant.server.faults.clear();
  tenant.server.clock.reset();
  tenant.server.reset();
});
afterAll(() => tenant.server.close());

const readers: Partial<DeclaredRoles> = { roles: [{ role: "View-Only Recipients" }] };

test("proves a cmdlet that the declared roles have, and one that they do not have", async () => {
  const granted = await prepareGrantTenant(tenant);
  expect(await tryOnce(granted, readers)).toMatchObject({
    problem: {
      cause: "roleGroupMissing",
      message: expect.stringMatching(
        /^Exchange Online does not let application \S+ run Get-Mailbox\. It lacks a declared role group or role, or Exchange Online does not know about it yet\. It answers 403, The role assigned to application/,
      ),
      remedy:
        "Run `exo-auth grant --yes`. If that has run, wait longer with --wait, or try again later: Exchange can take hours.",
    },
  });
  await granted.run(granted.subject(readers));
  const verification = await tryOnce(granted, readers);
  expect(verification).toMatchObject({ worked: "Get-Mailbox", refused: "Set-Mailbox", roles: [] });
  expect(verification).not.toHaveProperty("problem");
  expect(verificationLines(verification).slice(-2)).toEqual([
    expect.stringContaining("Get-Mailbox ran, by a role of Exchange itself"),
    expect.stringContaining("Set-Mailbox was refused, as no declared role has it"),
  ]);
});

test("finds that the job may do more than is declared, and changes nothing by that", async () => {
  const granted = await prepareGrantTenant(tenant);
  await granted.run(granted.subject(readers));
  await granted.admin("Add-RoleGroupMember", {
    Identity: "Recipient Management",
    Member: granted.job.appId,
  });
  const verification = await tryOnce(granted, readers);
  expect(verification.problem).toEqual({
    cause: "cmdletAllowed",
    message: `Exchange Online lets application ${granted.job.appId} run Set-Mailbox, and none of its declared roles has that cmdlet.`,
    remedy:
      "If a role was taken away just now, wait longer with --wait. Otherwise somebody gave the application more: run `exo-auth audit`.",
  });
  expect(verifyExitCode({ verifications: [verification] })).toBe(4);
});

test("waits until Exchange knows about a new role group", async () => {
  const granted = await prepareGrantTenant(tenant);
  tenant.server.faults.lagRoles({ path: /InvokeCommand/ }, 60_000);
  await granted.run(granted.subject({ groups: ["View-Only Organization Management"] }));
  const verification = await tryOnce(
    granted,
    { groups: ["View-Only Organization Management"] },
    {
      waitMs: 300_000,
      pause: async (ms: number) => tenant.server.clock.advance(ms),
    },
  );
  expect(verification).toMatchObject({
    worked: "Get-OrganizationConfig",
    refused: "Set-Mailbox",
    organization: "contoso.onmicrosoft.com",
  });
  expect(verification.attempts).toBeGreaterThan(1);
});

test("a role group of the tenant's own proves that the job is let in, and no more", async () => {
  const granted = await prepareGrantTenant(tenant);
  await granted.admin("New-RoleGroup", {
    Name: "Passwords",
    Roles: ["Reset Password"],
    ManagedBy: "Organization Management",
  });
  const declared = { groups: ["Passwords"] };
  expect((await tryOnce(granted, declared)).problem?.cause).toBe("roleGroupMissing");
  await granted.run(granted.subject(declared));
  const verification = await tryOnce(granted, declared);
  expect(verification.problem).toBeUndefined();
  expect(verification).not.toHaveProperty("worked");
  expect(verification).not.toHaveProperty("refused");
  expect(verification.unproven).toEqual(["Passwords"]);
  expect(verificationLines(verification).slice(-1)).toEqual([
    expect.stringContaining("let in, and no cmdlet is known that it must be able to run: Passwords"),
  ]);
});

test.each([
  ["Journaling", "Get-JournalRule", "Remove-ServicePrincipal"],
  ["Message Tracking", "Get-OrganizationRelationship", "Remove-ServicePrincipal"],
  ["Address Lists", "Get-AddressList", "Set-Mailbox"],
])("a job that has %s alone proves it with %s", async (role, worked, refused) => {
  const granted = await prepareGrantTenant(tenant);
  const declared = { roles: [{ role }] };
  await granted.run(granted.subject(declared));
  expect(await tryOnce(granted, declared)).toMatchObject({ worked, refused });
});

test("of a built-in role without a known cmdlet it says so, and proves what is refused", async () => {
  const granted = await prepareGrantTenant(tenant);
  const declared = { roles: [{ role: "Reset Password" }] };
  await granted.run(granted.subject(declared));
  const verification = await tryOnce(granted, declared);
  expect(verification).toMatchObject({ unproven: ["Reset Password"], refused: "Set-Mailbox" });
  expect(verification).not.toHaveProperty("problem");
});

test("Security & Compliance is tried where a role group opens it", async () => {
  const granted = await prepareGrantTenant(tenant);
  const both: readonly [Partial<DeclaredRoles>, Partial<DeclaredRoles>] = [
    readers,
    { groups: ["Records Management"] },
  ];
  await granted.run(granted.subject(readers));
  expect(await tryOnce(granted, ...both)).toMatchObject({
    securityAndCompliance: false,
    problem: { cause: "roleGroupMissing" },
  });
  await granted.run(granted.subject(...both));
  expect(await tryOnce(granted, ...both)).toMatchObject({ securityAndCompliance: true });
});

test("a job that declares nothing in Exchange Online is tried in Security & Compliance alone", async () => {
  const granted = await prepareGrantTenant(tenant);
  const compliance = { groups: ["Security Reader"] };
  await granted.run(granted.subject({}, compliance));
  const verification = await tryOnce(granted, {}, compliance);
  expect(verification).toMatchObject({ securityAndCompliance: true, permissions: ["Exchange.ManageAsApp"] });
  expect(verification).not.toHaveProperty("problem");
  expect(verificationLines(verification).at(-1)).toContain("Security & Compliance answered");
});

test("a certificate from elsewhere, of which nobody says what it may do, is tried with more than one cmdlet", async () => {
  const granted = await prepareGrantTenant(tenant);
  await granted.run(granted.subject(readers));
  expect(await tryElsewhere(granted)).toMatchObject({ worked: "Get-Mailbox", roles: [] });
  await granted.run(granted.subject({ roles: [{ role: "Journaling" }] }));
  expect(await tryElsewhere(granted)).toMatchObject({ worked: "Get-JournalRule" });
  await granted.run(granted.subject({ roles: [{ role: "Reset Password" }] }));
  const letIn = await tryElsewhere(granted);
  expect(letIn).not.toHaveProperty("problem");
  expect(letIn).not.toHaveProperty("worked");
  await granted.run(granted.subject({}));
  expect((await tryElsewhere(granted)).problem?.cause).toBe("roleMissing");
});

interface Waiting {
  readonly waitMs: number;
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** As on a host, which knows the certificate alone. */
async function tryElsewhere({ job }: GrantTenant): Promise<Verification> {
  const { verifications } = await verify({ ...options, env: tenant.env, targets: [targetOf(job)] });
  return verifications[0]!;
}

const options = { waitMs: 0, signal: new AbortController().signal, progress: () => {} };

function targetOf(job: GrantTenant["job"]): VerificationTarget {
  const { thumbprint } = readCertificate(job.certificatePem);
  const { tenantId, initialDomain: tenantDomain } = tenant.seed;
  const signIn = { clientId: job.appId, tenantId, tenantDomain, cloud: "global" as const, thumbprint };
  return { component: "exchange", identity: job.identity, signIn };
}

async function tryOnce(
  { job }: GrantTenant,
  exchange: Partial<DeclaredRoles>,
  compliance: Partial<DeclaredRoles> | Waiting = {},
): Promise<Verification> {
  const isWaiting = "waitMs" in compliance;
  const ownRoles = {
    exchangeOnline: { ...nothingDeclared, ...exchange },
    securityAndCompliance: { ...nothingDeclared, ...(isWaiting ? {} : compliance) },
    hasEntraRole: false,
  };
  const { verifications } = await verify({
    ...options,
    env: tenant.env,
    targets: [{ ...targetOf(job), ownRoles }],
    ...(isWaiting ? compliance : {}),
  });
  return verifications[0]!;
}

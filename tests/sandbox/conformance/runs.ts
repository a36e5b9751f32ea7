import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { conformanceCases } from "../../../sandbox/conformance/cases.ts";
import {
  type CaseOption,
  caseOptions,
  type TenantKind,
} from "../../../sandbox/conformance/conformanceCase.ts";
import { createCertificates } from "../../../sandbox/conformance/credentials.ts";
import { examine, type Examination, type Examined } from "../../../sandbox/conformance/examine.ts";
import { Ledger } from "../../../sandbox/conformance/ledger.ts";
import { ownNames } from "../../../sandbox/conformance/ownedKinds.ts";
import { type SandboxTarget, startSandboxTarget } from "../../../sandbox/conformance/sandboxTarget.ts";
import type { Target } from "../../../sandbox/conformance/target.ts";
import { Workplace, type WorkplaceOptions } from "../../../sandbox/conformance/workplace.ts";
import type { TenantSeed } from "../../../sandbox/tenant/index.ts";

/** A tenant with everything. */
export const wholeKind: TenantKind = {
  cloud: "global",
  exchange: true,
  exchangeOnlineProtection: true,
  entraIdP2: true,
  appInstanceLock: false,
};

/** A tenant that is named otherwise than the sandbox that it is compared with. */
export const fabrikam: Partial<TenantSeed> = {
  tenantId: "0b1f7c52-3d6e-4a90-8f21-6c4d9e7a5b38",
  initialDomain: "fabrikam.onmicrosoft.com",
  displayName: "Fabrikam Incorporated",
  domains: ["fabrikam.com"],
};

/** One set for all runs of a process: keys take long to make. */
const certificates = createCertificates();

/** Starts a tenant that ends with the test. */
export async function startTarget(
  kind = wholeKind,
  seed: Partial<TenantSeed> = fabrikam,
): Promise<SandboxTarget> {
  const started = await startSandboxTarget(kind, seed);
  onTestFinished(() => started.server.close());
  return started;
}

/** A file for a ledger, in a folder that is removed with the test. */
export function temporaryLedger(): string {
  const folder = mkdtempSync(join(tmpdir(), "conformance-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "ledger.jsonl");
}

/** Where a run of a test works: waiting takes no time. */
export function workplaceAt(target: Target, options: Partial<WorkplaceOptions> = {}): Workplace {
  return new Workplace({
    target,
    ledger: new Ledger(undefined),
    certificates,
    mark: `${ownNames}${randomBytes(6).toString("hex")}`,
    limits: { requests: 2000, ms: 600_000, settleMs: 60_000 },
    pause: async () => undefined,
    ...options,
  });
}

/** Every option but that of Pulumi's engine, which tests/engine/full/conformance.test.ts has. */
const everyOption: ReadonlySet<CaseOption> = new Set(
  (Object.keys(caseOptions) as CaseOption[]).filter((option) => option !== "deployment"),
);

/** Runs cases with every option, except those that run Pulumi's engine. */
export function examineAt(workplace: Workplace, more: Partial<Examination> = {}): Promise<Examined> {
  const cases = conformanceCases.filter(({ options = [] }) => !options.includes("deployment"));
  return examine({ workplace, cloud: "global", options: everyOption, readsOnly: false, cases, ...more });
}

const lists = [
  "applications",
  "servicePrincipals",
  "groups",
  "directory/administrativeUnits",
  "directory/deletedItems/microsoft.graph.application",
  "directory/deletedItems/microsoft.graph.servicePrincipal",
  "directory/deletedItems/microsoft.graph.administrativeUnit",
  "roleManagement/directory/roleAssignments",
  "policies/appManagementPolicies",
  "identity/conditionalAccess/policies",
];

/** What a tenant has, and what was deleted there. */
export async function inventory(target: Target): Promise<unknown> {
  const headers = { authorization: `Bearer ${await target.token()}` };
  const read = (list: string) =>
    target.send({ method: "GET", url: `${target.endpoints.graph.url}/v1.0/${list}`, headers });
  return Promise.all(lists.map(async (list) => (await read(list)).body));
}

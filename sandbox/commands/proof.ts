import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as v from "valibot";

import type { Problem } from "../../operations/verification/problem.ts";
import type { Attempt } from "../../operations/verification/trySignIn.ts";
import { trySignIn } from "../../operations/verification/trySignIn.ts";
import { readCertificate } from "../../common/certificate.ts";
import { Cloud } from "../../microsoft/clouds.ts";
import { resolveEndpoints } from "../../graph/endpoints.ts";
import { all, createGraphClient, quoted } from "../../graph/graphClient.ts";
import { createCredential } from "../../graph/signIn.ts";
import { deployerOf } from "../createSandbox.ts";
import { makeForeignCertificate } from "./foreignCertificate.ts";
import { SandboxError } from "../sandboxError.ts";
import type { StackOutputs } from "./stackOutputs.ts";
import type { TenantSeed } from "../tenant/index.ts";
import { startTenantServer } from "../tenant/index.ts";
import { trustInThisProcess } from "../workspace/trust.ts";

/** What is tried on a tenant that a stack was deployed to. */
export interface ProofSubject {
  readonly outputs: StackOutputs;
  readonly tenant: { readonly url: string };
  /** Where the tenant keeps its data, of which copies are made. */
  readonly tenantData: string;
  readonly seed: TenantSeed;
}

/** Signs in through `@azure/identity` with the stack's certificate and runs a cmdlet. @throws where it does not work */
export async function proveSignIn({ outputs, tenant }: ProofSubject): Promise<string> {
  const { problem, organization, permissions, roles } = await attempt(outputs, tenant);
  if (problem) throw new SandboxError(`The sign-in does not work: ${problem.message} ${problem.remedy}`);
  return `Signed in with the certificate (${[...permissions, ...roles].join(", ")}); Get-OrganizationConfig answers "${organization}".`;
}

/** Tries a certificate of somebody else. @throws where it is not refused */
export async function proveForeignCertificateRefused({ outputs, tenant }: ProofSubject): Promise<string> {
  const foreign = await makeForeignCertificate();
  const { problem } = await attempt({ ...outputs, ...foreign }, tenant);
  return `Refused with another certificate: ${expectProblem("certificateNotAccepted", problem)}`;
}

/** Tries the stack's certificate in a copy of the tenant without the permission. @throws where it is not refused */
export async function provePermissionNeeded(subject: ProofSubject): Promise<string> {
  const { servicePrincipalObjectId: id } = subject.outputs;
  const problem = await attemptInCopyWithout(subject, `/servicePrincipals/${id}/appRoleAssignments`);
  return `Refused without the permission, in a copy of the tenant: ${expectProblem("consentMissing", problem)}`;
}

/** Tries the stack's certificate in a copy of the tenant without the role. @throws where it is not refused */
export async function proveRoleNeeded(subject: ProofSubject): Promise<string> {
  const { servicePrincipalObjectId: id } = subject.outputs;
  const assignments = `/roleManagement/directory/roleAssignments`;
  const problem = await attemptInCopyWithout(subject, assignments, `?$filter=principalId eq ${quoted(id)}`);
  return `Refused without the role, in a copy of the tenant: ${expectProblem("roleMissing", problem)}`;
}

function expectProblem(cause: Problem["cause"], problem: Problem | undefined): string {
  if (problem?.cause === cause) return problem.message;
  throw new SandboxError(
    `The sign-in should have been refused (${cause}), got ${problem?.message ?? "no refusal"}.`,
  );
}

async function attempt(outputs: StackOutputs, { url }: { url: string }): Promise<Attempt> {
  const { appId: clientId, tenantId, tenantDomain, certificatePem, privateKeyPem } = outputs;
  const { thumbprint } = readCertificate(certificatePem);
  return trySignIn({
    identity: { kind: "certificate", tenantId, clientId, certificatePem, privateKeyPem },
    signIn: { clientId, tenantId, tenantDomain, cloud: Cloud.Global, thumbprint },
    endpoints: await endpointsOf(url),
    signal: new AbortController().signal,
  });
}

function endpointsOf(url: string): ReturnType<typeof resolveEndpoints> {
  return resolveEndpoints(Cloud.Global, { ARM_METADATA_HOSTNAME: new URL(url).host });
}

/** Signs in to a copy of the tenant from which all that a collection of Graph holds has been removed. */
async function attemptInCopyWithout(
  { outputs, tenantData, seed }: ProofSubject,
  collection: string,
  query = "",
): Promise<Problem | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "exchange-auth-copy-"));
  const dataFile = join(folder, "tenant.json");
  copyFileSync(tenantData, dataFile);
  const copy = await startTenantServer({ seeds: [seed], dataFile });
  try {
    trustInThisProcess(copy.certificateAuthorityPem);
    const endpoints = await endpointsOf(copy.url);
    const credential = createCredential({ kind: "secret", ...deployerOf(seed) }, endpoints);
    const graph = createGraphClient(credential, endpoints.graph);
    const found = await graph.read(all(`${collection}${query}`, v.object({ id: v.string() })));
    const { token } = (await credential.getToken(endpoints.graph.scope)) ?? {};
    for (const { id } of found) {
      const url = `${endpoints.graph.url}/v1.0${collection}/${id}`;
      const { status } = await fetch(url, {
        method: "DELETE",
        headers: { authorization: `Bearer ${token}` },
      });
      if (status !== 204)
        throw new SandboxError(`The copy of the tenant refused DELETE ${url}, got ${status}.`);
    }
    return (await attempt(outputs, copy)).problem;
  } finally {
    await copy.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

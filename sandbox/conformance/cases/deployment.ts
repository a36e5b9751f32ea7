import { isJsonObject, textOf, type Json, type JsonObject } from "../../tenant/json.ts";
import type { ConformanceCase } from "../conformanceCase.ts";
import { keyCredentialOf } from "../credentials.ts";
import { configure, destroy, exoAuth, newStack, preview, update } from "../deployment.ts";
import type { Probe } from "../probe.ts";

/** What Pulumi, its plugins and exo-auth do in the tenant. */
export const deploymentCases: readonly ConformanceCase[] = [
  {
    id: "deployment",
    title:
      "The component from `pulumi up` to `pulumi destroy`, without a role, with credentials that somebody adds",
    options: ["deployment"],
    run: async (probe) => {
      const deployed = await newStack(probe, "deployed", { "roles[0]": "none" });
      const applicationId = await update(deployed, "in a new stack");
      await update(deployed, "again");
      await preview(deployed);
      await exoAuth(deployed, ["verify", "--wait", "0s"], verified);
      await exoAuth(deployed, ["audit", "--wait", "0s"], audited);
      await plantCredentials(probe, applicationId);
      await exoAuth(deployed, ["audit", "--wait", "0s"], audited);
      await destroy(deployed);
    },
  },
  {
    id: "rotation",
    title: "The component with Global Reader, and a new certificate that becomes the current one",
    options: ["deployment", "directory-role"],
    run: async (probe) => {
      // A role that can change nothing is enough to run a cmdlet.
      const settings = { "roles[0]": "Global Reader", "certificate.generations[0].name": "1" };
      const deployed = await newStack(probe, "rotated", settings);
      await update(deployed, "with a role");
      await exoAuth(deployed, ["verify", "--wait", "5m"], verified);
      await configure(deployed, { "certificate.generations[1].name": "2" });
      await update(deployed, "with a second certificate");
      await exoAuth(deployed, ["rotate", "--wait", "5m"], rotated);
      await exoAuth(deployed, ["verify", "--wait", "5m"], verified);
      await destroy(deployed);
    },
  },
];

/** Adds one credential of each kind to the application, as somebody does who wants to come back. */
export async function plantCredentials(probe: Probe, applicationId: string): Promise<void> {
  const path = `/v1.0/applications/${applicationId}`;
  await probe.ask("POST", `${path}/addPassword`, { passwordCredential: { displayName: "planted" } });
  await probe.ask("POST", `${path}/federatedIdentityCredentials`, {
    name: "planted",
    issuer: "https://token.actions.githubusercontent.com",
    subject: "repo:example/conformance:ref:refs/heads/main",
    audiences: ["api://AzureADTokenExchange"],
  });
  const certificate = await probe.workplace.options.certificates.first();
  const { body } = await probe.workplace.graph("GET", `${path}?$select=keyCredentials`);
  const kept = isJsonObject(body) ? listOf(body.keyCredentials) : [];
  await probe.ask("PATCH", path, { keyCredentials: [...kept, keyCredentialOf(certificate)] });
}

function verified({ ok, verifications }: JsonObject): JsonObject {
  return {
    ok: ok ?? null,
    verifications: listOf(verifications).map(({ permissions, roles, problem }) => ({
      permissions: permissions ?? null,
      roles: roles ?? null,
      cause: causeOf(problem),
    })),
  };
}

function audited({ sections }: JsonObject): JsonObject {
  const findings = listOf(sections).flatMap((section) => listOf(section.findings));
  return {
    findings: Object.fromEntries(findings.map(({ id, severity }) => [textOf(id ?? null), severity ?? null])),
  };
}

function rotated({ step, outcome, before, after, verification }: JsonObject): JsonObject {
  const problem = isJsonObject(verification) ? verification.problem : undefined;
  return {
    step: step ?? null,
    outcome: outcome ?? null,
    before: before ?? null,
    after: after ?? null,
    cause: causeOf(problem),
  };
}

function causeOf(problem: Json | undefined): Json {
  return isJsonObject(problem) ? (problem.cause ?? null) : null;
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

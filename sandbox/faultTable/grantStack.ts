import { timeText } from "../../common/time.ts";
import { resolveEndpoints } from "../../graph/endpoints.ts";
import { grantSubjects } from "../../operations/grant/grant.ts";
import { timedRoleSubjects } from "../../operations/timedRoles/grantTimedRoles.ts";
import { publicStateOf } from "../../stack/components.ts";
import { parseExport } from "../../stack/exportedState.ts";
import type { Sandbox } from "../createSandbox.ts";
import { defaultSeed, furtherIdentities } from "../tenant/index.ts";
import { trustInThisProcess } from "../workspace/trust.ts";
import type { StackWorkspace } from "../workspace/workspace.ts";
import { type GrantRun, prepareGrantRun } from "./grantRun.ts";
import { configure } from "./phase.ts";

/** A stack whose component declares roles of every kind, and nothing given yet. */
export interface GrantStack {
  readonly stack: StackWorkspace;
  readonly grantRun: GrantRun;
}

/** What a sandbox's tenant is seeded with, so that an identity may grant. */
export const grantSeed = { ...defaultSeed, identities: furtherIdentities };

const day = 86_400_000;

/** Deploys it. @throws where that fails */
export async function deployGrantStack(sandbox: Sandbox): Promise<GrantStack> {
  const server = sandbox.tenant;
  trustInThisProcess(server.certificateAuthorityPem);
  const { clientId, clientSecret } = furtherIdentities.find(({ name }) => name === "operator")!;
  const identity = { kind: "secret" as const, tenantId: defaultSeed.tenantId, clientId, clientSecret };
  const stack = await sandbox.stack("grant", { deployer: identity });
  const until = timeText(Date.now() + 30 * day);
  await configure(stack, "set", "exchangeRoleGroups[0]", "View-Only Organization Management");
  await configure(stack, "set", "exchangeRoles[0].role", "Mail Recipients");
  await configure(stack, "set", "exchangeRoles[0].recipientFilter", "Department -eq 'Sales'");
  await configure(stack, "set", "timedRoles[0].role", "Global Reader");
  await configure(stack, "set", "timedRoles[0].until", until);
  const { exitCode, stderr } = await stack.run("pulumi", ["up", "--skip-preview", "--yes"]);
  if (exitCode !== 0) throw new Error(stderr);
  const { stdout } = await stack.run("pulumi", ["stack", "export"]);
  const state = publicStateOf(parseExport(JSON.parse(stdout)));
  const [exchange] = grantSubjects(state, state.components);
  const [entra] = timedRoleSubjects(state, state.components);
  const endpoints = await resolveEndpoints("global", { ARM_METADATA_HOSTNAME: new URL(server.url).host });
  const grantRun = prepareGrantRun({ server, endpoints, identity, exchange: exchange!, entra: entra! });
  return { stack, grantRun };
}

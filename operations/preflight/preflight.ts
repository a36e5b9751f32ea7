import * as v from "valibot";
import { says } from "../../common/errorTexts.ts";
import type { Cloud } from "../../microsoft/clouds.ts";
import type { AccessTokenClaims } from "../../graph/accessToken.ts";
import { readClaims } from "../../graph/accessToken.ts";
import { ApiError } from "../../graph/apiError.ts";
import { resolveEndpoints } from "../../graph/endpoints.ts";
import type { GraphClient, GraphOutcome } from "../../graph/graphClient.ts";
import { all, createGraphClient, one, quoted } from "../../graph/graphClient.ts";
import type { Identity } from "../../graph/signIn.ts";
import { createCredential } from "../../graph/signIn.ts";
import { applicationProblem, applicationState } from "../tenant/applicationState.ts";
import type { ApplicationProblem, KnownApplication } from "../tenant/applicationState.ts";
import { TenantPolicy, tenantPolicyPath } from "../tenant/appManagementPolicy.ts";
import type { CheckResult } from "./checkResult.ts";
import type { RemovedGeneration } from "../rotation/removedCurrent.ts";
import { notChecked } from "./checkResult.ts";
import { planProblem } from "./planProblem.ts";
import type { PlannedApplication, PlannedChanges } from "./plannedChanges.ts";
import type { ReplacedCertificate } from "./replacedCertificates.ts";
import { checkFederatedCredentials } from "./federatedCredentials.ts";
import { checkPolicies, readPolicyHolders } from "./readPolicies.ts";
import { checkRights } from "./rights.ts";
import { checkRoleRules } from "./timedRoles.ts";
import { checkTwins, TenantApplication } from "./twins.ts";

/** What `preflight` is asked to do. */
export interface PreflightOptions {
  /** The deploying identity. */
  readonly identity: Identity;
  readonly cloud: Cloud;
  /** Finds out what the next update is going to do. */
  readonly readPlan: () => Promise<PlannedChanges>;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly now?: () => Date;
}

/** What `preflight` found. */
export interface PreflightResult {
  readonly ok: boolean;
  readonly tenantId: string;
  /** Absent where the identity may not read it. */
  readonly tenantDomain?: string;
  /** Client id of the application, or name of the person, that deploys. */
  readonly deployer: string;
  readonly findings: readonly CheckResult[];
}

/**
 * Looks for everything that would stop the next `pulumi up`, before anything is created.
 *
 * @throws SignInError where the deploying identity cannot sign in
 */
export async function preflight(options: PreflightOptions): Promise<PreflightResult> {
  const { identity, cloud, env, signal, readPlan, now = () => new Date() } = options;
  const endpoints = await resolveEndpoints(cloud, env);
  const credential = createCredential(identity, endpoints);
  const planning = readPlan();
  // A refused sign-in explains a plan that failed, so it goes first.
  planning.catch(() => undefined);
  const { token } = await credential.getToken(endpoints.graph.scope, { abortSignal: signal });
  const plan = await planning;
  const claims = readClaims(token);
  const graph = createGraphClient(credential, endpoints.graph, { signal });
  const { newCertificates: certificates } = plan;
  const [answers, known, twins, holders, federated, roleRules] = await Promise.all([
    askTenant(graph),
    askForKnown(graph, plan.knownApplications),
    askForTwins(graph, plan.newApplications),
    readPolicyHolders(graph, certificates),
    checkFederatedCredentials(graph, plan.newFederatedCredentials),
    checkRoleRules(graph, plan.timedRoles.running, now()),
  ]);
  const question = { certificates, tenantPolicy: answers.policy, holders, claims, now: now() };
  const policies = await checkPolicies(graph, question);
  const rights = checkRights(claims, plan);
  const lacksRights = rights.some(({ kind }) => kind === "obstacle");
  const findings = [
    ...plan.problems.filter((problem) => !(lacksRights && isDenied(problem))).map(planProblem),
    ...known,
    ...plan.removedCurrent.flatMap((removed) => outdated(removed, now())),
    ...plan.replacedCertificates.map(replaced),
    ...plan.keysInState.map(keyInState),
    ...rights,
    ...licence(answers.domains),
    ...policies,
    ...twins,
    ...federated,
    ...plan.exchangeRoles,
    ...plan.timedRoles.findings,
    ...roleRules,
  ];
  const initial = answers.domains.ok ? answers.domains.value.find(({ isInitial }) => isInitial) : undefined;
  return {
    ok: !findings.some(({ kind }) => kind === "obstacle"),
    tenantId: claims.tid,
    ...(initial ? { tenantDomain: initial.id } : {}),
    deployer: nameOf(claims),
    findings,
  };
}

const Domain = v.object({ id: v.string(), isInitial: v.boolean(), supportedServices: v.array(v.string()) });
type Domain = v.InferOutput<typeof Domain>;

function askTenant(graph: GraphClient): Promise<{
  readonly domains: GraphOutcome<readonly Domain[]>;
  readonly policy: GraphOutcome<TenantPolicy>;
}> {
  return graph.batch<{ domains: readonly Domain[]; policy: TenantPolicy }>({
    domains: all("/domains", Domain),
    policy: one(tenantPolicyPath, TenantPolicy),
  });
}

/** What became of the applications that the state knows: none comes back by an update, and none is unblocked by one. */
async function askForKnown(
  graph: GraphClient,
  applications: readonly KnownApplication[],
): Promise<readonly CheckResult[]> {
  const found = await Promise.all(applications.map((known) => problemOf(graph, known)));
  return found.flatMap((problem): readonly CheckResult[] => {
    switch (problem?.code) {
      case "EXO_AUTH_APPLICATION_DELETED":
        return [
          {
            kind: "obstacle",
            cause: "applicationDeleted",
            message: problem.message,
            remedy: problem.remedy,
          },
        ];
      case "EXO_AUTH_APPLICATION_BLOCKED":
        return [
          {
            kind: "warning",
            cause: "applicationBlocked",
            message: problem.message,
            remedy: `${problem.remedy} \`pulumi up\` works and does not lift it. Until then, jobs cannot sign in, and \`exo-auth rotate\` refuses each step.`,
          },
        ];
      default:
        return [];
    }
  });
}

/** What is wrong with an application; undefined also where Graph does not say. */
async function problemOf(
  graph: GraphClient,
  known: KnownApplication,
): Promise<ApplicationProblem | undefined> {
  try {
    const state = await applicationState(graph, known);
    return state === "present" ? undefined : applicationProblem(state, known);
  } catch (error) {
    if (error instanceof ApiError && error.failure.status !== undefined) return undefined;
    throw error;
  }
}

async function askForTwins(
  graph: GraphClient,
  applications: readonly PlannedApplication[],
): Promise<readonly CheckResult[]> {
  const found = applications.map(async (planned) => {
    const query = `$filter=displayName eq ${quoted(planned.displayName)}&$select=id,appId,displayName,description`;
    const { existing, deleted } = await graph.batch<
      Record<"existing" | "deleted", readonly TenantApplication[]>
    >({
      existing: all(`/applications?${query}`, TenantApplication),
      deleted: all(`/directory/deletedItems/microsoft.graph.application?${query}`, TenantApplication),
    });
    if (!existing.ok || !deleted.ok) {
      return [
        notChecked(`whether another application is called "${planned.displayName}"`, "Application.Read.All"),
      ];
    }
    return checkTwins(planned, existing.value, deleted.value);
  });
  return (await Promise.all(found)).flat();
}

function licence(domains: GraphOutcome<readonly Domain[]>): readonly CheckResult[] {
  if (!domains.ok) return [notChecked("whether the tenant has Exchange Online", "Domain.Read.All")];
  const initial = domains.value.find(({ isInitial }) => isInitial);
  if (initial?.supportedServices.includes("Email")) {
    return [{ kind: "passed", message: `${initial.id} has Exchange Online` }];
  }
  return [
    {
      kind: "obstacle",
      cause: "exchangeMissing",
      message: `Tenant ${initial?.id ?? ""} has no Exchange Online: its initial domain does not support email.`,
      remedy:
        "Assign a license with Exchange Online in the tenant. Microsoft then adds the service within hours.",
    },
  ];
}

/** Nobody can sign in with what expired, so that may leave. */
function outdated(
  { component, generation, thumbprint, notAfter }: RemovedGeneration,
  now: Date,
): readonly CheckResult[] {
  if (Date.parse(notAfter) <= now.getTime()) return [];
  return [
    {
      kind: "obstacle",
      cause: "outdatedConfiguration",
      message: `The update would remove generation "${generation}" of component "${component}", certificate ${thumbprint}, which the last update made the current one.`,
      remedy:
        "Get the configuration with the last rotation (`git pull`). If its key was stolen, run `exo-auth revoke`.",
    },
  ];
}

function replaced({ component, generation, thumbprint, isDue }: ReplacedCertificate): CheckResult {
  if (isDue)
    return {
      kind: "warning",
      cause: "certificateRenewed",
      message: `The update would renew the certificate of generation "${generation}" of component "${component}", thumbprint ${thumbprint}, because the state says that it ended or is due.`,
      remedy: "Use `exo-auth rotate` instead. If the certificate is not due, somebody changed the state.",
    };
  return {
    kind: "obstacle",
    cause: "certificateReplaced",
    message: `The update would replace the certificate of generation "${generation}" of component "${component}", thumbprint ${thumbprint}. A generation keeps its certificate, so somebody changed the state, and may have put their own key into it.`,
    remedy:
      "Compare the state with an older version, and restore that one. If you want another certificate, add a generation (docs/rotation.md).",
  };
}

/** So does an update that was killed, which is why it stops nobody. */
function keyInState(name: string): CheckResult {
  return {
    kind: "warning",
    cause: "keyInState",
    message: `The update would put ${name} on the application with a key that the state has already. An update that did not finish left it, or somebody who can write the state put it there.`,
    remedy: "If every update finished, give the generation another name.",
  };
}

/** What a missing permission leads to is told by the permission's own finding. */
function isDenied(problem: string): boolean {
  return says(problem, "requestDenied");
}

function nameOf({ appid, upn, unique_name: uniqueName, oid }: AccessTokenClaims): string {
  return upn ?? uniqueName ?? appid ?? oid ?? "";
}

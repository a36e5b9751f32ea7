import * as v from "valibot";
import { Failure } from "../common/failure.ts";
import { ApiError } from "../graph/apiError.ts";
import { type GraphClient, one } from "../graph/graphClient.ts";
import { SignInError } from "../graph/signInError.ts";
import { appOnlyRoles } from "../microsoft/roles.ts";
import { timeText } from "../common/time.ts";
import { rotationDue } from "./rotation/schedule.ts";
import type { PublicComponent, PublicGeneration, StackState } from "../stack/components.ts";
import type { GrantedRoles } from "./grant/askExchange.ts";
import { declaredRoles } from "./grant/declaredRoles.ts";
import { timedRolesOf } from "./timedRoles/declaredTimedRoles.ts";
import { timedRoleCheck } from "./timedRoles/timedRoleFindings.ts";
import { firstEnd, timedRolesStatus, type TimedRolesStatus } from "./timedRoles/timedRoleStatus.ts";
import { type ApplicationState, applicationState } from "./tenant/applicationState.ts";
import type { ReadingOptions } from "./tenant/readingIdentity.ts";
import { tenantAccess } from "./tenant/tenantAccess.ts";

/** What `status` tells of a stack. */
export interface StatusResult {
  readonly project: string;
  readonly stack: string;
  /** When the last update ended. */
  readonly updated: string;
  readonly components: readonly ComponentStatus[];
  /** Names of the components whose current certificate, or a role, ends within the time asked for. */
  readonly expiring: readonly string[];
}

/** What the tenant says of a component's application, or why it was not asked. */
export type TenantStatus =
  | {
      readonly application: ApplicationState;
      /** Present where nobody gets a token because the service principal's `accountEnabled` is false. */
      readonly servicePrincipalDisabled?: true;
    }
  | { readonly notRead: string };

/** What a component declares of Exchange's own roles, and what Exchange says. */
export interface ExchangeRolesStatus {
  /** Names of role groups and roles. */
  readonly declared: readonly string[];
  /** What is missing, added or changed, as `exo-auth audit` has it; absent where Exchange was not asked. */
  readonly findings?: readonly string[];
  /** Why Exchange, or one of its services, was not read. */
  readonly notRead?: string;
}

/** One component. */
export interface ComponentStatus extends TimedRolesStatus {
  readonly component: string;
  readonly cloud: string;
  readonly tenantId: string;
  readonly tenantDomain: string;
  readonly appId: string;
  readonly applicationObjectId: string;
  readonly servicePrincipalObjectId: string;
  /** What the tenant says of the application now. */
  readonly tenant: TenantStatus;
  /** Names of the Entra roles, or template IDs where we know no name. */
  readonly roles: readonly string[];
  /** Declared role groups and roles of Exchange itself; absent where none is. */
  readonly exchangeRoles?: ExchangeRolesStatus;
  /** The current one first. */
  readonly generations: readonly GenerationStatus[];
  /** Whose tokens the application trusts, as the stack declares it; absent where it declares none. */
  readonly federatedCredentials?: readonly FederatedCredentialStatus[];
  /** When `exo-auth rotate` would add the next generation, without options of its own; absent where there is none. */
  readonly nextRotation?: string;
}

/** One federated credential. Entra compares issuer, subject and audience with those of the token, letter by letter. */
export interface FederatedCredentialStatus {
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

/** One certificate. */
export interface GenerationStatus {
  readonly generation: string;
  readonly current: boolean;
  readonly thumbprint: string;
  readonly keyId: string;
  readonly notBefore: string;
  readonly notAfter: string;
  /** Whole days until it ends; negative once it has ended. */
  readonly daysLeft: number;
}

const dayMs = 86_400_000;

/** Asks a component's tenant for its application; says why not where it cannot be asked, as no status depends on it. */
export async function readTenantStatus(
  component: Pick<PublicComponent, "cloud" | "tenantId" | "applicationObjectId" | "servicePrincipalObjectId">,
  context: ReadingOptions,
): Promise<TenantStatus> {
  try {
    const { graph } = await tenantAccess(component, context);
    const [application, isDisabled] = await Promise.all([
      applicationState(graph, component),
      isServicePrincipalDisabled(graph, component.servicePrincipalObjectId),
    ]);
    return {
      application,
      ...(application === "present" && isDisabled && { servicePrincipalDisabled: true }),
    };
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof ApiError || error instanceof SignInError || error instanceof Failure)
      return { notRead: error.message };
    throw error;
  }
}

/** Whether a service principal is there, and gets no token. No status depends on it, so a refusal is no answer. */
async function isServicePrincipalDisabled(graph: GraphClient, objectId: string): Promise<boolean> {
  const path = `/servicePrincipals/${objectId}?$select=accountEnabled`;
  const { found } = await graph.batch<{ found: v.InferOutput<typeof ServicePrincipal> }>({
    found: one(path, ServicePrincipal),
  });
  return found.ok && found.value.accountEnabled === false;
}

const ServicePrincipal = v.object({ accountEnabled: v.nullish(v.boolean()) });

/**
 * What a stack's last update left behind.
 *
 * @param tenants what the tenants say, by component
 * @param expiringWithinMs how far ahead `expiring` looks
 * @param exchange what Exchange gives to components that declare something there
 */
export function status(
  { project, stack, updated }: StackState<PublicGeneration>,
  components: readonly PublicComponent[],
  tenants: ReadonlyMap<string, TenantStatus>,
  now: Date,
  expiringWithinMs?: number,
  exchange: ReadonlyMap<string, GrantedRoles> = new Map(),
): StatusResult {
  const ends = (component: PublicComponent): number => {
    const [current] = component.generations;
    const certificate = current === undefined ? Infinity : Date.parse(current.certificateNotAfter);
    const role = firstEnd(timedRolesStatus(component, exchange.get(component.name), now));
    return Math.min(certificate, role) - now.getTime();
  };
  return {
    project,
    stack,
    updated,
    components: components.map((component) => ({
      ...componentStatus(component, `${project}/${stack}`, now),
      ...timedRolesStatus(component, exchange.get(component.name), now),
      ...exchangeStatus(component, exchange.get(component.name)),
      tenant: tenants.get(component.name) ?? { notRead: "with --quiet, the tenant is not read" },
    })),
    expiring: components
      .filter((component) => expiringWithinMs !== undefined && ends(component) < expiringWithinMs)
      .map(({ name }) => name),
  };
}

/** What a component declares of Exchange's own roles, by name. */
function declaredNames(component: PublicComponent): readonly string[] {
  if (component.record.kind !== "known") return [];
  return Object.values(declaredRoles(component)).flatMap(({ groups, roles }) => [
    ...groups,
    ...roles.map(({ role }) => role),
  ]);
}

/** Whether a component declares something that `exo-auth grant` gives. */
export function declaresGrants(component: PublicComponent): boolean {
  return declaredNames(component).length > 0 || timedRolesOf(component.record).length > 0;
}

function exchangeStatus(
  component: PublicComponent,
  audited: GrantedRoles | undefined,
): Pick<ComponentStatus, "exchangeRoles"> {
  const declared = declaredNames(component);
  if (declared.length === 0) return {};
  if (audited === undefined)
    return { exchangeRoles: { declared, notRead: "with --quiet, the tenant is not read" } };
  const findings = audited.findings.filter(({ check }) => check !== timedRoleCheck);
  const unread = audited.unread.filter(({ check }) => check !== timedRoleCheck);
  const notRead = unread.map(({ check, reason }) => `${check}: ${reason}`).join("; ");
  return {
    exchangeRoles: {
      declared,
      findings: findings.map(({ subject, found }) => `${subject}: ${found}`),
      ...(notRead !== "" && { notRead }),
    },
  };
}

function componentStatus(
  component: PublicComponent,
  spreadKey: string,
  now: Date,
): Omit<ComponentStatus, "tenant"> {
  const { name, cloud, tenantId, tenantDomain, appId, applicationObjectId, servicePrincipalObjectId } =
    component;
  const [current] = component.generations;
  const { record } = component;
  const federated = record.kind === "known" ? record.record.federatedCredentials : undefined;
  return {
    component: name,
    cloud,
    tenantId,
    tenantDomain,
    appId,
    applicationObjectId,
    servicePrincipalObjectId,
    roles: component.roleTemplateIds.map(
      (id) => appOnlyRoles.find(({ templateId }) => templateId === id)?.displayName ?? id,
    ),
    generations: component.generations.map((generation) => ({
      generation: generation.generation,
      current: generation === current,
      thumbprint: generation.thumbprint,
      keyId: generation.keyId,
      notBefore: generation.certificateNotBefore,
      notAfter: generation.certificateNotAfter,
      daysLeft: Math.floor((Date.parse(generation.certificateNotAfter) - now.getTime()) / dayMs),
    })),
    ...(federated === undefined ? {} : { federatedCredentials: federated }),
    ...(current === undefined ? {} : { nextRotation: nextRotation(current, spreadKey) }),
  };
}

function nextRotation(
  { certificateNotBefore, certificateNotAfter }: PublicGeneration,
  spreadKey: string,
): string {
  const validity = { notBefore: Date.parse(certificateNotBefore), notAfter: Date.parse(certificateNotAfter) };
  return timeText(rotationDue(validity, spreadKey));
}

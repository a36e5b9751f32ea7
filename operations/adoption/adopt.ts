import { Failure, usageFailure } from "../../common/failure.ts";
import { clipped, visible } from "../../common/foreignText.ts";
import { childTypes, componentType } from "../../common/typeTokens.ts";
import type { GraphClient } from "../../graph/graphClient.ts";
import type { Cloud } from "../../microsoft/clouds.ts";
import { type ImportFile, importFile } from "../../stack/importFile.ts";
import type { StackResource } from "../../stack/resource.ts";
import { parseUrn, shortName } from "../../stack/urn.ts";
import { textOf } from "../../stack/values.ts";
import {
  type ComponentParts,
  componentParts,
  knownApplicationOf,
  outputOf,
} from "../ownership/componentParts.ts";
import type { RoleService } from "../grant/declaredRoles.ts";
import { type AdoptedSettings, declarationOf, withRights } from "./declaration.ts";
import { type OpenRoles, readExchangeRights } from "./exchangeRights.ts";
import type { NotRead } from "./notRead.ts";
import type { DiscoveredDeclaration } from "./discover.ts";
import { type PlannedImport, plannedImports } from "./plannedImports.ts";
import type { AdoptedResource } from "./adoptedResource.ts";
import { createApplicationReader, type FoundApplication, type FoundObject } from "./readFound.ts";
import type { TerraformTwin } from "./terraformState.ts";
import { updateLosses } from "./updateLosses.ts";

/** An application that is to be adopted, and how the component would declare it. */
export interface Adoption {
  readonly found: FoundApplication;
  readonly declaration: DiscoveredDeclaration;
  /** What of the application's rights in Exchange itself could not be read. */
  readonly notRead: readonly NotRead[];
  /** The services whose rights could not be read, so that nobody knows what the settings should say of them. */
  readonly unread: readonly RoleService[];
}

/** What `adopt` did, or would do. */
export interface AdoptResult extends DiscoveredDeclaration {
  /** The client ID. */
  readonly appId: string;
  readonly displayName: string;
  /** Whether settings and state were written. */
  readonly adopted: boolean;
  /** The settings file; absent where the program declares the component in its code. */
  readonly settingsFile?: string;
  /** What becomes a resource of the stack. */
  readonly imports: readonly AdoptedResource[];
  /** What `pulumi import --file` reads. */
  readonly importFile: ImportFile;
  /** What a Terraform state has of it; absent where none was given. */
  readonly terraform?: readonly TerraformTwin[];
  /** What of its rights in Exchange itself could not be read: the component does not declare it. */
  readonly notRead: readonly NotRead[];
  /** What the next update does; absent before the import. */
  readonly update?: NextUpdate;
}

/** What the next update does, by resource. */
export interface NextUpdate {
  readonly creates: readonly string[];
  /** Each with the properties that change. */
  readonly updates: readonly string[];
  /** Empty, unless the program declares something else than what is there. */
  readonly removesOrReplaces: readonly string[];
}

/** Which application is to be adopted, and how. */
export interface AdoptionOptions {
  readonly graph: GraphClient;
  /** Opens the services that have role groups of their own. */
  readonly openRoles: OpenRoles;
  readonly signal: AbortSignal;
  readonly tenantId: string;
  readonly cloud: Cloud;
  readonly appId: string;
  /** Whether the component leaves the objects alone, and adds to them (`existingClientId`). */
  readonly isExisting: boolean;
  /** What the descriptions of the stack's own applications begin with. */
  readonly own: string;
  readonly now: Date;
}

/**
 * Reads an application, and writes down how the component would declare it.
 *
 * @throws Failure where the tenant has none, or not all of it can be read: nobody would know what an update takes away;
 *   ApiError, SignInError
 */
export async function readAdoption(options: AdoptionOptions): Promise<Adoption> {
  const { graph, openRoles, signal, tenantId, appId, own, ...rest } = options;
  const found = await createApplicationReader(graph).byClientId(appId);
  if (found === undefined)
    throw usageFailure(
      `--app-id must name an application with a service principal in tenant ${tenantId}, got "${appId}". \`exo-auth discover\` lists them.`,
    );
  const [unread] = found.notRead;
  if (unread !== undefined)
    throw new Failure(
      "EXO_AUTH_SERVICE",
      `Not all of the application could be read, so nobody knows what an update would remove: ${unread.what}: ${unread.reason}.`,
      { reason: unread.denied ? "authentication" : undefined },
    );
  if (found.application === undefined)
    throw usageFailure(
      `--app-id must name an application of tenant ${tenantId}, got "${appId}", which is another tenant's. Adopt it there.`,
    );
  requireNoOwner(found.application, own);
  const { rights, ...read } = await readExchangeRights(openRoles, signal);
  const held = rights.filter(({ principalId }) => principalId === found.servicePrincipal.id.toLowerCase());
  const declaration = withRights(declarationOf(found, { ...rest, tenantId }), held);
  const losses = updateLosses(withoutDescriptions(found, own), declaration.settings);
  return { found, declaration: { ...declaration, losses }, ...read };
}

/** @throws Failure where the application says that another stack made it */
function requireNoOwner({ description }: FoundObject, own: string): void {
  if (description?.startsWith("exchange-auth ") !== true || description.startsWith(own)) return;
  throw usageFailure(
    `The application's description says that another stack owns it: "${clipped(visible(description), 200)}". If that stack exists, keep the application there. If it is gone, remove the description from the application in the Microsoft Entra admin center, and run this again.`,
  );
}

/** What a stack of this name wrote itself, before its state was lost, is no loss. */
function withoutDescriptions(found: FoundApplication, own: string): FoundApplication {
  const without = (object: FoundObject): FoundObject =>
    object.description?.startsWith(own) === true ? { ...object, description: null } : object;
  const { application, servicePrincipal } = found;
  return {
    ...found,
    servicePrincipal: without(servicePrincipal),
    ...(application !== undefined && { application: without(application) }),
  };
}

/** A stack, and how it becomes the application's. */
export interface StackToAdopt {
  readonly known: readonly StackResource[];
  /** What the next update would create, with the settings as they become. */
  readonly planned: readonly StackResource[];
  /** Only this component. @default the only one */
  readonly component: string | undefined;
}

/** @throws Failure where an update has made the application a component's of this stack already */
export function requireUnadopted(appId: string, known: readonly StackResource[]): void {
  const owner = componentParts(known, []).find(
    (parts) => parts.marker !== undefined && outputOf(parts, childTypes.application, "clientId") === appId,
  );
  const user = known.find(
    ({ type, outputs }) => type === componentType && textOf(outputs, "appId") === appId,
  );
  const name = owner?.name ?? (user && parseUrn(user.urn).name);
  if (name === undefined) return;
  throw usageFailure(
    `Component "${name}" of the stack has application ${appId} already. There is nothing to adopt. Run \`pulumi up\`.`,
  );
}

/** What the import of an application takes. @throws Failure where the stack is not meant for it; ApiError, SignInError */
export async function adoptionImports(
  graph: GraphClient,
  { found, declaration }: Adoption,
  { known, planned, component }: StackToAdopt,
): Promise<{ readonly imports: readonly PlannedImport[]; readonly file: ImportFile }> {
  // The engine plans in any order.
  const inOrder = planned.toSorted((a, b) => a.urn.localeCompare(b.urn));
  const parts = partsOf(component, known, inOrder);
  requireSameApplication(parts, found, declaration.settings);
  const imports = await plannedImports(graph, found, parts);
  return { imports, file: importFile(imports, known, planned) };
}

function partsOf(
  component: string | undefined,
  known: readonly StackResource[],
  planned: readonly StackResource[],
): ComponentParts {
  const all = componentParts(known, planned);
  const [only, ...others] = all.filter(({ name }) => component === undefined || name === component);
  if (only === undefined)
    throw new Failure(
      "EXO_AUTH_NO_COMPONENT",
      component === undefined
        ? "The program declares no ExchangeAppOnlyAuth. `exo-auth adopt --code` prints one. Add it to the program, and run this again."
        : `The program declares no ExchangeAppOnlyAuth "${component}". It declares ${all.map(({ name }) => `"${name}"`).join(", ") || "none"}.`,
    );
  if (others.length === 0) return only;
  throw new Failure(
    "EXO_AUTH_NO_COMPONENT",
    `The stack has several components. Choose one with --component: ${all.map(({ name }) => name).join(", ")}.`,
  );
}

/** @throws Failure where the state has another application, or the program would create or take one */
function requireSameApplication(
  parts: ComponentParts,
  { application, servicePrincipal }: FoundApplication,
  { existingClientId }: AdoptedSettings,
): void {
  const known = knownApplicationOf(parts);
  const { appId } = servicePrincipal;
  if (known !== undefined && known.applicationObjectId !== application?.id)
    throw usageFailure(
      `Component "${parts.name}" of the stack has another application: ${known.appId ?? known.applicationObjectId}. Use a new stack (\`pulumi stack init\`).`,
    );
  const isOwn = [...parts.known, ...parts.planned].some(({ type }) => type === childTypes.application);
  if (isOwn === (existingClientId === undefined)) return;
  throw usageFailure(
    isOwn
      ? `Component "${parts.name}" must be declared with \`existingClientId: "${appId}"\` to adopt with --existing.`
      : `Component "${parts.name}" is declared with \`existingClientId\`. Add --existing.`,
  );
}

/** What a plan says of the stack's next update. */
export function nextUpdate({
  steps,
}: {
  readonly steps: readonly {
    readonly op: string;
    readonly urn: string;
    readonly detailedDiff?: Readonly<Record<string, unknown>> | null | undefined;
  }[];
}): NextUpdate {
  const of = (...ops: readonly string[]) => steps.filter(({ op }) => ops.includes(op));
  return {
    creates: of("create").map(({ urn }) => shortName(urn)),
    updates: of("update").map(({ urn, detailedDiff }) => {
      const properties = Object.keys(detailedDiff ?? {});
      return properties.length === 0 ? shortName(urn) : `${shortName(urn)}: ${properties.join(", ")}`;
    }),
    removesOrReplaces: of("delete", "replace", "create-replacement", "delete-replaced").map(
      ({ op, urn }) => `${op} ${shortName(urn)}`,
    ),
  };
}

import * as v from "valibot";
import { visible } from "../../common/foreignText.ts";
import { Failure, usageFailure } from "../../common/failure.ts";
import { shellArgument } from "../../common/shellArgument.ts";
import { childTypes } from "../../common/typeTokens.ts";
import { clouds } from "../../microsoft/clouds.ts";
import { all, type GraphClient, one } from "../../graph/graphClient.ts";
import { FederatedCredential, KeyCredential, PasswordCredential } from "../../graph/objects.ts";
import { readState } from "../../stack/exportedState.ts";
import {
  cloudOf,
  type PublicComponent,
  type PublicGeneration,
  publicStateOf,
  type StackState,
} from "../../stack/components.ts";
import { selectComponent } from "../../stack/selectComponents.ts";
import type { StackResource } from "../../stack/resource.ts";
import { textOf } from "../../stack/values.ts";
import { ownResources } from "../audit/ownResources.ts";
import type { PulumiOptions } from "../../stack/pulumiCli.ts";
import { requireApplication } from "./applicationState.ts";
import { readBlockLifters } from "./blockLifters.ts";
import { type TenantAccess, tenantAccess } from "./tenantAccess.ts";

/** What `revoke --block` and `revoke --unblock` are asked to do. */
export interface BlockOptions extends PulumiOptions {
  /** The component. @default the only one */
  readonly component?: string | undefined;
  /** Whether to block, or to lift the block. */
  readonly block: boolean;
  readonly confirmed: boolean;
  readonly progress: (text: string) => void;
  /** @default the tenant that the state names, as the identity of the environment */
  readonly tenant?: TenantAccess;
}

/** What became of the block. */
export interface BlockResult {
  readonly project: string;
  readonly stack: string;
  readonly component: string;
  /** The application's client ID. */
  readonly appId: string;
  /** Whether the application is blocked now, as the tenant says. */
  readonly blocked: boolean;
  /** Whether that was so before. */
  readonly before: boolean;
  /** Who could lift a block, one by one. */
  readonly couldLift: readonly string[];
  /** Who else could, and was not looked at. */
  readonly notRead: readonly string[];
  /** What else signs in with the application, where the stack found it and did not make it. */
  readonly alsoBlocked: readonly string[];
}

/**
 * Blocks the application, or lifts the block: its `isDisabled`, which azuread does not know, so that no update lifts it.
 * The service principal's `accountEnabled` would come back with `pulumi up --refresh`.
 *
 * @throws Failure where it is not confirmed, or the application is not there; ApiError, SignInError
 */
export async function blockApplication(options: BlockOptions): Promise<BlockResult> {
  const { block, confirmed, progress } = options;
  progress("Asking Pulumi for the stack …");
  const { state, component } = await readState(options, (exported) => {
    const found = publicStateOf(exported);
    return { state: found, component: finishedComponent(found, exported.resources, options) };
  });
  const access = options.tenant ?? (await tenantAccess(component, options));
  progress(`Asking ${component.tenantDomain} …`);
  const found = await requireApplication(access.graph, component, ["present", "blocked"]);
  const { couldLift, notRead } = await readBlockLifters(access.graph, component);
  const about = {
    project: state.project,
    stack: state.stack,
    component: component.name,
    appId: component.appId,
    before: found === "blocked",
    couldLift,
    notRead,
    alsoBlocked: component.isOwn ? [] : await otherSignIns(access.graph, component),
  };
  if (!confirmed) throw notConfirmed(block, about);
  if (about.before !== block) await access.application.setDisabled(component.applicationObjectId, block);
  const after = await requireApplication(access.graph, component, ["present", "blocked"]);
  return { ...about, blocked: after === "blocked" };
}

/** @throws Failure; where an update has not finished the component, it says how the same is done without its state */
function finishedComponent(
  state: StackState<PublicGeneration>,
  resources: readonly StackResource[],
  { component: wanted, block }: Pick<BlockOptions, "component" | "block">,
): PublicComponent {
  try {
    return selectComponent(state, wanted);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "EXO_AUTH_INCOMPLETE") throw error;
    const unfinished = state.incomplete.find(({ failure }) => failure === error)?.name ?? "";
    const own = ownResources(resources, unfinished);
    const made = resources.find(({ urn, type }) => own.has(urn) && type === childTypes.application);
    const objectId = (made && textOf(made.outputs, "objectId")) ?? "OBJECT-ID";
    const graphUrl = clouds[cloudOf(parentInputs(resources, made), "")].graph;
    const url = shellArgument(`${graphUrl}/v1.0/applications/${objectId}`, "URL");
    throw new Failure(
      error.code,
      `${error.message} If that cannot wait, ${block ? "block the application" : "lift the block"} without it: az rest --method patch --url ${url} --body '${JSON.stringify({ isDisabled: block })}'`,
      { cause: error },
    );
  }
}

function parentInputs(
  resources: readonly StackResource[],
  child: StackResource | undefined,
): StackResource["inputs"] {
  return resources.find(({ urn }) => urn === child?.parent)?.inputs ?? {};
}

/** Credentials of the application that the stack does not have. */
async function otherSignIns(graph: GraphClient, component: PublicComponent): Promise<readonly string[]> {
  const path = `/applications/${component.applicationObjectId}`;
  const { keyCredentials, passwordCredentials } = await graph.read(
    one(`${path}?$select=keyCredentials,passwordCredentials`, Credentials),
  );
  const federated = await graph.read(all(`${path}/federatedIdentityCredentials`, FederatedCredential));
  const { record } = component;
  const declared = (record.kind === "known" && record.record.federatedCredentials) || [];
  const ours = new Set(component.generations.map(({ keyId }) => keyId));
  return [
    ...keyCredentials.filter(({ keyId }) => !ours.has(keyId)).map((found) => `certificate ${nameOf(found)}`),
    ...passwordCredentials.map((found) => `client secret ${nameOf(found)}`),
    ...federated
      .filter((found) => !declared.some((own) => isSameTrust(own, found)))
      .map(({ name, subject }) => `federated credential "${name}" for ${subject ?? "an expression"}`),
  ];
}

function isSameTrust(
  own: Pick<FederatedCredential, "name" | "issuer" | "subject">,
  other: FederatedCredential,
): boolean {
  return own.name === other.name && own.issuer === other.issuer && own.subject === other.subject;
}

function nameOf({ displayName, keyId }: { displayName?: string | null | undefined; keyId: string }): string {
  return `"${displayName ?? "unnamed"}", keyId ${keyId}`;
}

function notConfirmed(
  block: boolean,
  {
    appId,
    component,
    couldLift,
    notRead,
    alsoBlocked,
  }: Pick<BlockResult, "appId" | "component" | "couldLift" | "notRead" | "alsoBlocked">,
): Error {
  if (!block) {
    return usageFailure(
      `The block of application ${appId}, component "${component}", would be lifted, and everyone who has one of its keys or secrets could sign in again. Run \`exo-auth audit\` first. To do this, add --yes.`,
    );
  }
  const lists = [
    `Application ${appId}, component "${component}", would be blocked, and nobody would get a token for it until \`exo-auth revoke --unblock --yes\`.`,
    `These could lift the block: ${couldLift.join("; ") || "nobody was found"}.`,
    ...(notRead.length > 0 ? [`Not read: ${notRead.join("; ")}.`] : []),
    ...(alsoBlocked.length > 0
      ? [
          `The stack did not create this application. The block would also affect these: ${alsoBlocked.join("; ")}.`,
        ]
      : []),
    "To do this, add --yes.",
  ];
  return usageFailure(lists.map((line) => visible(line)).join("\n"));
}

const Credentials = v.object({
  keyCredentials: v.array(KeyCredential),
  passwordCredentials: v.array(PasswordCredential),
});

import * as v from "valibot";
import { keySha256 } from "../../common/certificate.ts";
import { visible } from "../../common/foreignText.ts";
import { Failure, usageFailure } from "../../common/failure.ts";
import { shellArgument } from "../../common/shellArgument.ts";
import { childTypes } from "../../common/typeTokens.ts";
import { ApiError } from "../../graph/apiError.ts";
import { type Cloud, clouds } from "../../microsoft/clouds.ts";
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
import { certificateKey } from "../audit/rules/credentials.ts";
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
  if (about.before !== block) await setDisabled(access, component, block);
  const after = await requireApplication(access.graph, component, ["present", "blocked"]);
  return { ...about, blocked: after === "blocked" };
}

/** @throws Failure where the identity may not; ApiError, SignInError */
async function setDisabled(
  { application }: TenantAccess,
  { applicationObjectId, tenantDomain, cloud }: PublicComponent,
  block: boolean,
): Promise<void> {
  try {
    await application.setDisabled(applicationObjectId, block);
  } catch (error) {
    if (!(error instanceof ApiError) || !isDenied(error)) throw error;
    const command = setDisabledCommand(cloud, applicationObjectId, block);
    throw new Failure(
      "EXO_AUTH_SERVICE",
      `The identity may not ${block ? "block" : "unblock"} the application in ${tenantDomain}: ${error.message} It needs the application permission Application.ReadWrite.All of Microsoft Graph, which an identity that only reads must not have. Run the command as the identity that deploys, or let an owner or an Application Administrator run this: ${command}`,
      { cause: error, reason: "authentication" },
    );
  }
}

function isDenied({ failure: { status } }: ApiError): boolean {
  return status === 401 || status === 403;
}

/** The Azure CLI's command that does the same; works in bash and PowerShell. */
function setDisabledCommand(cloud: Cloud, objectId: string, isDisabled: boolean): string {
  const url = shellArgument(`${clouds[cloud].graph}/v1.0/applications/${objectId}`, "URL");
  return `az rest --method patch --url ${url} --body '${JSON.stringify({ isDisabled })}'`;
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
    const command = setDisabledCommand(cloudOf(parentInputs(resources, made), ""), objectId, block);
    throw new Failure(
      error.code,
      `${error.message} If that cannot wait, ${block ? "block the application" : "lift the block"} without it: ${command}`,
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
  // Who adds a certificate chooses its key ID.
  const ours = new Set(
    component.generations.map(({ keyId, certificateThumbprintSha256: sha256 }) =>
      certificateKey({ keyId, sha256: sha256.toLowerCase() }),
    ),
  );
  return [
    ...keyCredentials
      .filter(({ keyId, key }) => !ours.has(certificateKey({ keyId, sha256: keySha256(key) ?? "unknown" })))
      .map((found) => `certificate ${nameOf(found)}`),
    ...passwordCredentials.map((found) => `client secret ${nameOf(found)}`),
    ...federated
      .filter((found) => !declared.some((own) => isSameTrust(own, found)))
      .map(({ name, subject }) => `federated credential "${name}" for ${subject ?? "an expression"}`),
  ];
}

function isSameTrust(
  own: Pick<FederatedCredential, "name" | "issuer" | "subject"> & { readonly audience: string },
  other: FederatedCredential,
): boolean {
  const isSame = own.name === other.name && own.issuer === other.issuer && own.subject === other.subject;
  return isSame && other.audiences.every((audience) => audience === own.audience);
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
    ...(couldLift.length > 0
      ? ["These could lift the block:", ...listed(couldLift)]
      : ["Nobody was found who could lift the block."]),
    ...(notRead.length > 0 ? ["Not read:", ...listed(notRead)] : []),
    ...(alsoBlocked.length > 0
      ? [
          "The stack did not create this application. The block would also affect these:",
          ...listed(alsoBlocked),
        ]
      : []),
    "To do this, add --yes.",
  ];
  return usageFailure(lists.map((line) => visible(line)).join("\n"));
}

function listed(entries: readonly string[]): readonly string[] {
  return entries.map((entry) => `  - ${entry}`);
}

const Credentials = v.object({
  keyCredentials: v.array(KeyCredential),
  passwordCredentials: v.array(PasswordCredential),
});

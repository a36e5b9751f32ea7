import * as v from "valibot";
import { contentHash } from "../../operations/findings/contentHash.ts";

import { intruderId, type TenantGraph } from "./tenantGraph.ts";

/** What somebody may change in a tenant, and what `exo-auth drift` then finds, alone. */
export interface DriftChange {
  /** As in `a renamed application`; the recording's name is made of it. */
  readonly name: string;
  readonly change: (changed: Changed) => Promise<unknown>;
  /** Takes it back. */
  readonly repair: (changed: Changed) => Promise<unknown>;
  /** The finding's id, subject and words. */
  readonly finding: readonly [id: string, subject: string, found: string];
}

/** A stack's objects in its tenant. */
export interface Changed {
  readonly graph: TenantGraph;
  /** `/applications/ID`. */
  readonly application: string;
  /** `/servicePrincipals/ID`. */
  readonly principal: string;
  /** Puts everything back with `pulumi up --refresh`. */
  readonly update: () => Promise<unknown>;
}

const roleAssignments = "/roleManagement/directory/roleAssignments";
const intruder = { "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${intruderId}` };

/** A change of a property, whose subject ends in a hash of what was found. */
function changed(property: string, found: string): DriftChange["finding"] {
  return ["EXO-DRIFT-CHANGED", `${property} ${contentHash(found)}`, found];
}

/** Each is run or read by itself. */
export const driftChanges: readonly DriftChange[] = [
  {
    name: "a renamed application",
    change: ({ graph, application }) => graph.send("PATCH", application, { displayName: "Other" }),
    repair: ({ graph, application }) =>
      graph.send("PATCH", application, { displayName: "Exchange Online automation" }),
    finding: changed("azuread:Application exchange displayName", 'displayName is "Other"'),
  },
  {
    name: "an owner of the application",
    change: ({ graph, application }) => graph.send("POST", `${application}/owners/$ref`, intruder),
    repair: ({ graph, application }) => graph.send("DELETE", `${application}/owners/${intruderId}/$ref`),
    finding: changed("azuread:Application exchange owners", `owners is ["${intruderId}"]`),
  },
  {
    name: "a disabled service principal",
    change: ({ graph, principal }) => graph.send("PATCH", principal, { accountEnabled: false }),
    repair: ({ graph, principal }) => graph.send("PATCH", principal, { accountEnabled: true }),
    finding: changed("azuread:ServicePrincipal exchange accountEnabled", "accountEnabled is false"),
  },
  {
    name: "another sign-in audience",
    change: ({ graph, application }) =>
      graph.send("PATCH", application, { signInAudience: "AzureADMultipleOrgs" }),
    repair: ({ graph, application }) => graph.send("PATCH", application, { signInAudience: "AzureADMyOrg" }),
    finding: changed(
      "azuread:Application exchange signInAudience",
      'signInAudience is "AzureADMultipleOrgs"',
    ),
  },
  {
    name: "an owner of the service principal",
    change: ({ graph, principal }) => graph.send("POST", `${principal}/owners/$ref`, intruder),
    repair: ({ graph, principal }) => graph.send("DELETE", `${principal}/owners/${intruderId}/$ref`),
    finding: changed("azuread:ServicePrincipal exchange owners", `owners is ["${intruderId}"]`),
  },
  {
    name: "a removed role",
    change: ({ graph, principal }) => removeFirst(graph, roleAssignments, idOf(principal)),
    repair: ({ graph, principal }) =>
      graph.send("POST", roleAssignments, {
        principalId: idOf(principal),
        roleDefinitionId: "29232cdf-9323-42fd-ade2-1d097af3e4de",
        directoryScopeId: "/",
      }),
    finding: [
      "EXO-DRIFT-MISSING",
      "azuread:DirectoryRoleAssignment exchange-exchange-administrator",
      "it does not exist",
    ],
  },
  {
    name: "a removed certificate",
    change: ({ graph, application }) => graph.send("PATCH", application, { keyCredentials: [] }),
    repair: ({ update }) => update(),
    finding: ["EXO-DRIFT-MISSING", "azuread:ApplicationCertificate exchange-cert-1", "it does not exist"],
  },
  {
    name: "a withdrawn consent",
    change: ({ graph, principal }) => removeFirst(graph, `${principal}/appRoleAssignments`),
    repair: ({ update }) => update(),
    finding: [
      "EXO-DRIFT-MISSING",
      "azuread:AppRoleAssignment exchange-office365-exchange-online-exchange-manage-as-app",
      "it does not exist",
    ],
  },
];

async function removeFirst(graph: TenantGraph, path: string, principalId?: string): Promise<void> {
  const filter = principalId === undefined ? "" : `?$filter=principalId%20eq%20'${principalId}'`;
  const { value } = v.parse(
    v.object({ value: v.array(v.object({ id: v.string() })) }),
    await graph.send("GET", path + filter),
  );
  await graph.send("DELETE", `${path}/${value[0]?.id}`);
}

function idOf(path: string): string {
  return path.split("/").at(-1) ?? "";
}

import type { GraphClient } from "../../graph/graphClient.ts";
import * as v from "valibot";
import { childTypes } from "../../common/typeTokens.ts";
import { all, one, quoted } from "../../graph/graphClient.ts";
import { requireApplication } from "../tenant/applicationState.ts";
import { type ComponentParts, knownApplicationOf, outputOf } from "../ownership/componentParts.ts";
import { type Deployer, expectedOf } from "./expected.ts";
import { findApplications } from "./findApplications.ts";
import { findFederatedCredentials } from "./findFederatedCredentials.ts";
import { findConsents, findRoleAssignments } from "./findGrants.ts";
import { findKeyCredentials } from "./findKeyCredentials.ts";
import type { FoundLeftover } from "./foundLeftover.ts";
import { type Expected, inspectServicePrincipal } from "./inspect.ts";
import type { Leftover } from "./leftover.ts";
import { KeyCredential } from "../../graph/objects.ts";
import { readServicePrincipalParts } from "./readApplication.ts";

/**
 * Finds what a component left in the tenant, and what says so.
 *
 * @param adopted the object ID of the application that a person has decided to import
 * @throws Failure where the application that the state knows was deleted; ApiError, SignInError
 */
export async function findLeftovers(
  graph: GraphClient,
  parts: ComponentParts,
  deployer: Deployer,
  adopted: string | undefined,
): Promise<readonly FoundLeftover[]> {
  const expected = expectedOf(parts, deployer);
  const known = await knownApplication(graph, parts);
  const applications = await findApplications(graph, parts, expected, adopted);
  const application = applications.find(({ leftover }) => leftover.action === "import") ?? known;
  const servicePrincipal = await findServicePrincipal(graph, parts, expected, application, adopted);
  const servicePrincipalId =
    servicePrincipal === undefined
      ? outputOf(parts, childTypes.servicePrincipal, "objectId")
      : servicePrincipal.leftover.action === "import"
        ? servicePrincipal.objectId
        : undefined;
  const grants = await Promise.all([
    findConsents(graph, parts, servicePrincipalId),
    findRoleAssignments(graph, parts, servicePrincipalId),
  ]);
  return [
    ...applications.map(({ leftover }) => ({ leftover })),
    ...(servicePrincipal ? [{ leftover: servicePrincipal.leftover }] : []),
    ...grants.flat().map((leftover) => ({ leftover })),
    ...(application ? findKeyCredentials(parts, application.objectId, application.keyCredentials) : []),
    ...(application ? await findFederatedCredentials(graph, parts, application.objectId) : []),
  ];
}

interface ApplicationIdentity {
  readonly objectId: string;
  readonly clientId: string | undefined;
  readonly keyCredentials: readonly KeyCredential[];
}

const Credentials = v.object({ keyCredentials: v.array(KeyCredential) });

/** The application that the state knows, or that its credentials are on. */
async function knownApplication(
  graph: GraphClient,
  parts: ComponentParts,
): Promise<ApplicationIdentity | undefined> {
  const known = knownApplicationOf(parts);
  if (known === undefined) return undefined;
  const { applicationObjectId: objectId, appId: clientId } = known;
  await requireApplication(graph, known, ["present", "blocked"]);
  const { keyCredentials } = await graph.read(
    one(`/applications/${objectId}?$select=keyCredentials`, Credentials),
  );
  return { objectId, clientId, keyCredentials };
}

const Found = v.object({ id: v.string(), displayName: v.nullish(v.string(), "unnamed") });

async function findServicePrincipal(
  graph: GraphClient,
  { name, planned }: ComponentParts,
  expected: Expected,
  application: ApplicationIdentity | undefined,
  adopted: string | undefined,
): Promise<{ readonly objectId: string; readonly leftover: Leftover } | undefined> {
  const wanted = planned.find(({ type }) => type === childTypes.servicePrincipal);
  if (wanted === undefined || application?.clientId === undefined) return undefined;
  const path = `/servicePrincipals?$filter=appId eq ${quoted(application.clientId)}&$select=id,displayName`;
  const [found] = await graph.read(all(path, Found));
  if (found === undefined) return undefined;
  const { hangs, reasons } = inspectServicePrincipal(
    await readServicePrincipalParts(graph, found.id),
    expected,
  );
  // Who adopts an application has seen what hangs on its service principal, which is listed with it.
  const isImported = reasons.length === 0 || application.objectId === adopted || found.id === adopted;
  return {
    objectId: found.id,
    leftover: {
      component: name,
      kind: "servicePrincipal",
      id: `/servicePrincipals/${found.id}`,
      title: `service principal "${found.displayName}"`,
      action: isImported ? "import" : "keep",
      ...(isImported && { urn: wanted.urn }),
      ...(reasons.length > 0 && { reasons }),
      hangs,
    },
  };
}

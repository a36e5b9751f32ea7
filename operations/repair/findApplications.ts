import { Failure } from "../../common/failure.ts";
import type { GraphClient } from "../../graph/graphClient.ts";
import * as v from "valibot";
import { timeInWords } from "../../common/time.ts";
import { childTypes } from "../../common/typeTokens.ts";
import { all, quoted } from "../../graph/graphClient.ts";
import { textOf } from "../../stack/values.ts";
import { replaceMarkerCommand } from "../ownership/marker.ts";
import { provenance } from "../ownership/provenance.ts";
import type { ComponentParts } from "../ownership/componentParts.ts";
import type { Expected } from "./inspect.ts";
import { inspectApplication, inspectServicePrincipal } from "./inspect.ts";
import type { Leftover } from "./leftover.ts";
import { readLastSignIn } from "./readApplication.ts";
import { type KeyCredential, Reference } from "../../graph/objects.ts";
import { readApplicationParts, readServicePrincipalParts } from "./readApplication.ts";

/** An application that says it is a component's and that its state does not know. */
export interface FoundApplication {
  readonly objectId: string;
  readonly clientId: string;
  readonly keyCredentials: readonly KeyCredential[];
  readonly leftover: Leftover;
}

const Application = v.object({
  id: v.string(),
  appId: Reference,
  displayName: v.nullish(v.string(), "unnamed"),
  description: v.nullish(v.string()),
  createdDateTime: v.nullish(v.string()),
});
type Application = v.InferOutput<typeof Application>;

/**
 * Applications whose description says that they are the component's, and that the state does not know.
 *
 * One that is proven to be is imported where the state has none; a person decides about all others.
 *
 * @param adopted the object ID of the one that a person has decided to import
 * @throws ApiError where Graph cannot be reached, or does not list applications; SignInError
 */
export async function findApplications(
  graph: GraphClient,
  parts: ComponentParts,
  expected: Expected,
  adopted: string | undefined,
): Promise<readonly FoundApplication[]> {
  const candidates = await candidatesOf(graph, parts);
  const wanted = parts.planned.find(({ type }) => type === childTypes.application);
  return Promise.all(
    candidates.map(async (candidate): Promise<FoundApplication> => {
      const others = candidates.filter((other) => other !== candidate && isMarked(other, parts));
      const { keyCredentials, hangs, reasons } = await inspect(graph, candidate, expected);
      const doubts = [
        ...whyNotOurs(candidate, parts),
        ...(isMarked(candidate, parts) ? others : []).map(
          ({ id }) => `application ${id} carries the same marker`,
        ),
        ...(wanted === undefined ? ["the state has an application already"] : []),
        ...reasons,
      ];
      const isImported =
        wanted !== undefined && (adopted === undefined ? doubts.length === 0 : candidate.id === adopted);
      return {
        objectId: candidate.id,
        clientId: candidate.appId,
        keyCredentials,
        leftover: {
          component: parts.name,
          kind: "application",
          id: `/applications/${candidate.id}`,
          title: `application "${candidate.displayName}" (${candidate.appId}), created ${timeInWords(candidate.createdDateTime ?? "at an unknown time")}`,
          action: isImported ? "import" : "keep",
          ...(isImported && { urn: wanted.urn }),
          ...(doubts.length > 0 && { reasons: doubts }),
          hangs: doubts.length > 0 ? [...hangs, await lastSignIn(graph, candidate.appId)] : hangs,
        },
      };
    }),
  );
}

async function candidatesOf(
  graph: GraphClient,
  { name, own, marker, displayNames, isNameSecret, known }: ComponentParts,
): Promise<readonly Application[]> {
  if (own === undefined) return [];
  if (isNameSecret)
    throw new Failure(
      "EXO_AUTH_USAGE",
      `\`displayName\` of component "${name}" is a secret, and Microsoft Graph finds an application by its name alone. Make it public, and run \`exo-auth repair\` again.`,
    );
  const knownIds = new Set(
    known
      .filter(({ type }) => type === childTypes.application)
      .map(({ outputs }) => textOf(outputs, "objectId")),
  );
  // Graph finds no application by its description, and azuread gives a new one this name for a moment.
  const names = [
    `startswith(displayName,'TERRAFORM_UPDATE_')`,
    ...displayNames.map((one) => `displayName eq ${quoted(one)}`),
  ];
  const path = `/applications?$filter=${names.join(" or ")}&$select=${Object.keys(Application.entries).join(",")}`;
  const found = await graph.read(all(path, Application));
  return found
    .filter(({ id, description }) => provenance(description, own, marker) !== "other" && !knownIds.has(id))
    .toSorted((a, b) => (a.createdDateTime ?? "").localeCompare(b.createdDateTime ?? ""));
}

function isMarked({ description }: Application, { own, marker }: ComponentParts): boolean {
  return provenance(description, own ?? "", marker) === "marked";
}

/** Why an application's description does not prove that the stack made it. */
function whyNotOurs({ description }: Application, { own, marker }: ComponentParts): readonly string[] {
  switch (provenance(description, own ?? "", marker)) {
    case "marked":
      return marker?.isUsed
        ? [
            `its marker is public, because an application was known with it before. \`${replaceMarkerCommand(marker)}\` creates another marker and another application`,
          ]
        : [];
    case "unmarked":
      return [
        "its description has no marker: release 0.1.0 created it, or somebody who may register applications wrote that",
      ];
    default:
      return [
        "its description has another marker than the state: another stack of this name created it, or somebody who may register applications wrote that",
      ];
  }
}

const Found = v.object({ id: v.string() });

async function inspect(
  graph: GraphClient,
  { id, appId }: Application,
  expected: Expected,
): Promise<{
  readonly keyCredentials: readonly KeyCredential[];
  readonly hangs: readonly string[];
  readonly reasons: readonly string[];
}> {
  const path = `/servicePrincipals?$filter=appId eq ${quoted(appId)}&$select=id`;
  const [application, [servicePrincipal]] = await Promise.all([
    readApplicationParts(graph, id),
    graph.read(all(path, Found)),
  ]);
  const first = inspectApplication(application, expected);
  const second =
    servicePrincipal === undefined
      ? { hangs: ["it has no service principal, so nobody can sign in with it"], reasons: [] }
      : inspectServicePrincipal(await readServicePrincipalParts(graph, servicePrincipal.id), expected);
  return {
    keyCredentials: application.application.ok ? application.application.value.keyCredentials : [],
    hangs: [...first.hangs, ...second.hangs],
    reasons: [...first.reasons, ...second.reasons],
  };
}

async function lastSignIn(graph: GraphClient, clientId: string): Promise<string> {
  const outcome = await readLastSignIn(graph, clientId);
  if (!outcome.ok)
    return "last sign-in: not read. The permission AuditLog.Read.All of Microsoft Graph allows it, if the tenant keeps it";
  const times = outcome.value.flatMap(
    ({ lastSignInActivity }) => lastSignInActivity?.lastSignInDateTime ?? [],
  );
  return times.length === 0
    ? "last sign-in: none recorded"
    : `last sign-in: ${timeInWords(times.toSorted().at(-1) ?? "")}`;
}

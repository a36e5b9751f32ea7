import * as v from "valibot";
import { all, type GraphClient, inBeta } from "./graphClient.ts";

/**
 * An assignment of a management role of Exchange Online, as Microsoft Graph shows it: without a name, and without whether its
 * holder may give the role to others.
 */
export interface ShownAssignment {
  readonly id: string;
  /** The role's name; its ID where Graph names none. */
  readonly role: string;
  /** Who holds it. */
  readonly holder: RoleHolder;
  /** Over which recipients. */
  readonly over: ShownScope;
}

/** A service principal by its object ID in lower case, a role group by its name, or somebody else by Graph's text. */
export type RoleHolder =
  | { readonly kind: "servicePrincipal"; readonly id: string }
  | { readonly kind: "roleGroup"; readonly name: string }
  | { readonly kind: "other"; readonly text: string };

/** The recipients of an assignment. */
export type ShownScope =
  | { readonly kind: "all" }
  /** By its object ID in lower case. */
  | { readonly kind: "administrativeUnit"; readonly id: string }
  /** A management scope; its filter is empty where Graph shows none. */
  | { readonly kind: "scope"; readonly name: string; readonly recipientFilter: string }
  | { readonly kind: "other"; readonly text: string };

const text = v.nullish(v.string(), "");
const Definition = v.object({ id: v.string(), displayName: text });
const Assignment = v.object({
  id: v.string(),
  principalId: text,
  roleDefinitionId: text,
  directoryScopeId: text,
  appScopeId: text,
});
/** Graph's pages spell the attribute with a small letter, and Exchange with a capital one. */
const Scope = v.object({
  id: v.string(),
  displayName: text,
  customAttributes: v.nullish(v.object({ RecipientFilter: text, recipientFilter: text })),
});

const root = "/roleManagement/exchange";

/**
 * Reads who holds which management role of Exchange Online, with Graph's beta `roleManagement/exchange`. It takes the
 * permission RoleManagement.Read.Exchange and no role in Exchange, and knows no Security & Compliance.
 *
 * @throws ApiError, SignInError
 */
export async function readShownAssignments(graph: GraphClient): Promise<readonly ShownAssignment[]> {
  // One after the other: Graph asks Exchange for each.
  const assignments = await graph.read(inBeta(all(`${root}/roleAssignments`, Assignment)));
  const definitions = await graph.read(inBeta(all(`${root}/roleDefinitions`, Definition)));
  const isScoped = assignments.some(({ appScopeId }) => appScopeId !== "");
  const scopes = isScoped ? await graph.read(inBeta(all(`${root}/customAppScopes`, Scope))) : [];
  return assignments.map(({ id, principalId, roleDefinitionId, directoryScopeId, appScopeId }) => ({
    id,
    role: definitions.find((one) => isSame(one.id, roleDefinitionId))?.displayName || roleDefinitionId,
    holder: holderOf(principalId),
    over: appScopeId === "" ? directoryScope(directoryScopeId) : customScope(appScopeId, scopes),
  }));
}

function holderOf(principalId: string): RoleHolder {
  const [, kind = "", name = ""] = /^\/([^/]+)\/(.+)$/.exec(principalId) ?? [];
  if (isSame(kind, "RoleGroups")) return { kind: "roleGroup", name };
  if (isSame(kind, "ServicePrincipals")) return { kind: "servicePrincipal", id: name.toLowerCase() };
  return { kind: "other", text: principalId };
}

function directoryScope(directoryScopeId: string): ShownScope {
  if (directoryScopeId === "/") return { kind: "all" };
  const [, id] = /^\/administrativeUnits\/([^/]+)$/i.exec(directoryScopeId) ?? [];
  return id === undefined
    ? { kind: "other", text: directoryScopeId }
    : { kind: "administrativeUnit", id: id.toLowerCase() };
}

function customScope(appScopeId: string, scopes: readonly v.InferOutput<typeof Scope>[]): ShownScope {
  const scope = scopes.find(({ id }) => isSame(id, appScopeId));
  if (scope === undefined) return { kind: "other", text: appScopeId };
  const { RecipientFilter = "", recipientFilter = "" } = scope.customAttributes ?? {};
  return {
    kind: "scope",
    name: scope.displayName || scope.id,
    recipientFilter: RecipientFilter || recipientFilter,
  };
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

import { readClaims } from "../../graph/accessToken.ts";
import { ApiError } from "../../graph/apiError.ts";
import { readShownAssignments, type ShownAssignment } from "../../graph/exchangeRoleManagement.ts";
import { createGraphClient } from "../../graph/graphClient.ts";
import { sharedCredential } from "../../graph/sharedCredential.ts";
import { SignInError } from "../../graph/signInError.ts";
import type { PublicComponent } from "../../stack/components.ts";
import type { RoleReadingOptions } from "./roleReading.ts";

/** What Microsoft Graph shows of Exchange Online's roles, or that it shows nothing. */
export interface ShownRoles {
  /** Undefined where Graph does not answer. */
  readonly assignments: readonly ShownAssignment[] | undefined;
  /** What is not known all the same, as a sentence without its full stop. */
  readonly note: string;
}

/**
 * Application permissions of Microsoft Graph, each of which lets a reader see Exchange's roles.
 *
 * Source: https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments?view=graph-rest-beta.
 */
const permissions = [
  "RoleManagement.Read.Exchange",
  "RoleManagement.Read.All",
  "RoleManagement.ReadWrite.Exchange",
];

/** Reads with Graph what Exchange itself does not show to this identity. @returns undefined where it may not do that either */
export async function readShownRoles(
  { tenantId }: Pick<PublicComponent, "tenantId">,
  { identity, endpoints, signal, limit }: RoleReadingOptions,
): Promise<ShownRoles | undefined> {
  if (identity.kind === "azureCli") return undefined;
  const credential = sharedCredential(identity, tenantId, endpoints);
  try {
    const { token } = await credential.getToken(endpoints.graph.scope, { abortSignal: signal });
    if (!permissions.some((permission) => readClaims(token).roles.includes(permission))) return undefined;
    const graph = createGraphClient(credential, endpoints.graph, { signal, limit });
    return {
      assignments: await readShownAssignments(graph),
      note: "So its roles were read with Microsoft Graph, which does not show who is in a role group, who may give a role to others, or what a role was made from",
    };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ApiError || error instanceof SignInError)) throw error;
    return {
      assignments: undefined,
      note: `Microsoft Graph does not show its roles either: ${error.message}`,
    };
  }
}

import * as v from "valibot";
import { type ErrorCode, Failure } from "../../common/failure.ts";
import { ApiError } from "../../graph/apiError.ts";
import type { GraphClient } from "../../graph/graphClient.ts";
import { one } from "../../graph/graphClient.ts";
import type { StackComponent } from "../../stack/components.ts";

/**
 * What the tenant has of an application that a stack deployed:
 * - `present`: it is there, and nobody blocked it;
 * - `blocked`: it is there, and its `isDisabled` is true, so that Entra gives nobody a token for it;
 * - `recycleBin`: it was deleted, and can be restored;
 * - `gone`: it is neither there nor in the recycle bin.
 */
export type ApplicationState = "present" | "blocked" | "recycleBin" | "gone";

/** The application that is asked for. */
export type DeployedApplication = Pick<
  StackComponent,
  "name" | "appId" | "applicationObjectId" | "tenantDomain"
>;

/**
 * Asks the tenant for an application that a stack deployed. Microsoft's servers may not know yet what was just made; but
 * an earlier run made this one, so whatever is not there is gone, and the recycle bin says so.
 *
 * @throws ApiError, SignInError
 */
export async function applicationState(
  graph: GraphClient,
  { applicationObjectId }: Pick<DeployedApplication, "applicationObjectId">,
): Promise<ApplicationState> {
  const found = await unlessMissing(
    graph.read(one(`/applications/${applicationObjectId}?$select=id,isDisabled`, Application)),
  );
  if (found) return found.isDisabled === true ? "blocked" : "present";
  const deleted = await unlessMissing(
    graph.read(one(`/directory/deletedItems/${applicationObjectId}?$select=id`, Application)),
  );
  return deleted ? "recycleBin" : "gone";
}

/** One sentence on an application that cannot be worked with, and what to do; undefined where it can. */
export function applicationObstacle(
  state: ApplicationState,
  { name, appId, applicationObjectId, tenantDomain }: DeployedApplication,
): string | undefined {
  const subject = `Application ${appId} of component "${name}"`;
  switch (state) {
    case "blocked":
      return `${subject} is blocked: its \`isDisabled\` is true, so Entra gives nobody a token for it. Find out who blocked it, and why; they decide when the block ends (docs/recovery.md, "A key was stolen").`;
    case "recycleBin":
      return `${subject} was deleted, and lies in the recycle bin of ${tenantDomain} for 30 days: restore object ${applicationObjectId} first (docs/recovery.md, "The application was deleted"); \`pulumi up\` would make another application, with another client id.`;
    case "gone":
      return `${subject} was deleted for good: ${tenantDomain} has it neither among its applications nor in the recycle bin. \`pulumi up --refresh\` makes a new one, with another client id (docs/recovery.md, "The application was deleted").`;
    default:
      return undefined;
  }
}

/** Goes no further where the application cannot be worked with. @throws Failure; ApiError, SignInError */
export async function requireApplication(
  graph: GraphClient,
  application: DeployedApplication,
  accepted: readonly ApplicationState[] = ["present"],
): Promise<ApplicationState> {
  const state = await applicationState(graph, application);
  const obstacle = accepted.includes(state) ? undefined : applicationObstacle(state, application);
  if (obstacle === undefined) return state;
  throw new Failure(failureCode(state), `${obstacle} Nothing was changed.`);
}

function failureCode(state: ApplicationState): ErrorCode {
  return state === "blocked" ? "EXO_AUTH_APPLICATION_BLOCKED" : "EXO_AUTH_APPLICATION_DELETED";
}

async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof ApiError && error.failure.status === 404) return undefined;
    throw error;
  }
}

const Application = v.object({ isDisabled: v.nullish(v.boolean()) });

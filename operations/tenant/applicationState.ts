import * as v from "valibot";
import { type ErrorCode, Failure } from "../../common/failure.ts";
import { ApiError } from "../../graph/apiError.ts";
import type { GraphClient } from "../../graph/graphClient.ts";
import { one } from "../../graph/graphClient.ts";

/**
 * What the tenant has of an application that a stack deployed:
 * - `present`: it is there, and nobody blocked it;
 * - `blocked`: it is there, and its `isDisabled` is true, so that Entra gives nobody a token for it;
 * - `recycleBin`: it was deleted, and can be restored;
 * - `gone`: it is neither there nor in the recycle bin;
 * - `absent`: it is not there, and the recycle bin cannot be read.
 */
export type ApplicationState = "present" | "blocked" | "recycleBin" | "gone" | "absent";

/** An application that a state knows. */
export interface KnownApplication {
  /** The component's name. */
  readonly name: string;
  /** Its client ID; undefined where the state does not say it, as of one that is not the stack's own. */
  readonly appId: string | undefined;
  readonly applicationObjectId: string;
  /** Undefined where no update has got so far. */
  readonly tenantDomain: string | undefined;
  /** Whether the stack made it, rather than found it. */
  readonly isOwn: boolean;
}

/** Why an application cannot be worked with. */
export interface ApplicationProblem {
  readonly code: ErrorCode;
  /** What happened, as a sentence. */
  readonly message: string;
  /** The way back, as a sentence. */
  readonly remedy: string;
}

/**
 * Asks the tenant for an application that a stack deployed. Microsoft's servers may not know yet what was just made; but
 * an earlier run made this one, so whatever is not there is gone, and the recycle bin says so.
 *
 * @throws ApiError, SignInError
 */
export async function applicationState(
  graph: GraphClient,
  { applicationObjectId }: Pick<KnownApplication, "applicationObjectId">,
): Promise<ApplicationState> {
  const found = await unless(
    [404],
    graph.read(one(`/applications/${applicationObjectId}?$select=id,isDisabled`, Application)),
  );
  if (typeof found === "object") return found.isDisabled === true ? "blocked" : "present";
  const deleted = await unless(
    [403, 404],
    graph.read(one(`/directory/deletedItems/${applicationObjectId}?$select=id`, Application)),
  );
  if (typeof deleted === "object") return "recycleBin";
  return deleted === 404 ? "gone" : "absent";
}

/** What keeps an application from being worked with, and what to do. */
export function applicationProblem(
  state: Exclude<ApplicationState, "present">,
  { name, appId, applicationObjectId, tenantDomain = "the tenant", isOwn }: KnownApplication,
): ApplicationProblem {
  const subject = `Application ${appId ?? `with the object ID ${applicationObjectId}`} of component "${name}"`;
  const deleted = { code: "EXO_AUTH_APPLICATION_DELETED" } as const;
  switch (state) {
    case "blocked":
      return {
        code: "EXO_AUTH_APPLICATION_BLOCKED",
        message: `${subject} is blocked: its \`isDisabled\` is true, so Entra gives nobody a token for it.`,
        remedy:
          'Find out who blocked it, and why. They decide when the block ends (docs/recovery.md, "A key was stolen").',
      };
    case "recycleBin":
      return {
        ...deleted,
        message: `${subject} was deleted, and is in the recycle bin of ${tenantDomain} for 30 days.`,
        remedy: `Restore object ${applicationObjectId} first (docs/recovery.md, "The application was deleted")${isOwn ? ". After a refresh, `pulumi up` would create another application with another client ID" : ""}.`,
      };
    case "gone":
      return {
        ...deleted,
        message: `${subject} was deleted for good: ${tenantDomain} has it neither among its applications nor in the recycle bin.`,
        remedy: isOwn
          ? 'To create a new one with another client ID, follow docs/recovery.md, "The application was deleted".'
          : "The stack did not create it, so an update cannot create it again. Get another application, and give its client ID as `existingClientId`.",
      };
    default:
      return {
        ...deleted,
        message: `${subject} is not in ${tenantDomain} anymore. Whether it is in the recycle bin could not be read.`,
        remedy: seeRecovery,
      };
  }
}

const seeRecovery = 'See docs/recovery.md, "The application was deleted".';

/**
 * A problem as the failure of a command that can do nothing without the application.
 *
 * @param result what the command did, as sentences; nothing where it only reads
 */
export function applicationFailure(
  { code, message, remedy }: ApplicationProblem,
  ...result: readonly string[]
): Failure {
  return new Failure(code, [message, remedy, ...result].join(" "));
}

/** Goes no further where the application cannot be worked with. @throws Failure; ApiError, SignInError */
export async function requireApplication(
  graph: GraphClient,
  application: KnownApplication,
  accepted: readonly ApplicationState[] = ["present"],
): Promise<ApplicationState> {
  const state = await applicationState(graph, application);
  if (state === "present" || accepted.includes(state)) return state;
  throw applicationFailure(applicationProblem(state, application), "Nothing was changed.");
}

/** The result of a read, or the status that it was refused with where that is one of these. */
async function unless<T>(statuses: readonly number[], reading: Promise<T>): Promise<T | number> {
  try {
    return await reading;
  } catch (error) {
    const status = error instanceof ApiError ? error.failure.status : undefined;
    if (status !== undefined && statuses.includes(status)) return status;
    throw error;
  }
}

const Application = v.object({ isDisabled: v.nullish(v.boolean()) });

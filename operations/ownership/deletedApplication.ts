import * as v from "valibot";
import { Failure } from "../../common/failure.ts";
import type { GraphClient } from "../../graph/graphClient.ts";
import { one } from "../../graph/graphClient.ts";

/** An application that a state knows. */
export interface KnownApplication {
  /** The component's name. */
  readonly component: string;
  readonly objectId: string;
  /** Undefined where it is not the stack's own. */
  readonly clientId: string | undefined;
}

/** An application that the state knows and the tenant has no more. */
export interface DeletedApplication {
  /** What happened, as a sentence. */
  readonly message: string;
  /** The way back, as a sentence. */
  readonly remedy: string;
}

/**
 * Looks whether an application that the state knows is gone.
 *
 * @returns undefined where it is there, or where that cannot be read
 * @throws ApiError where Graph cannot be reached; SignInError
 */
export async function findDeleted(
  graph: GraphClient,
  { component, objectId, clientId }: KnownApplication,
): Promise<DeletedApplication | undefined> {
  const { existing, deleted } = await graph.batch<
    Record<"existing" | "deleted", v.InferOutput<typeof Found>>
  >({
    existing: one(`/applications/${objectId}?$select=id`, Found),
    deleted: one(`/directory/deletedItems/${objectId}?$select=id,deletedDateTime`, Found),
  });
  if (existing.ok || existing.error.failure.status !== 404) return undefined;
  const who = `Application ${clientId === undefined ? "" : `${clientId} `}of component "${component}", object id ${objectId},`;
  if (deleted.ok) {
    const since = deleted.value.deletedDateTime;
    return {
      message: `${who} was deleted${since ? ` at ${since}` : ""} and lies in the recycle bin for 30 days.`,
      remedy: `Restore it before the next \`pulumi up\` (\`POST /directory/deletedItems/${objectId}/restore\`), and see docs/recovery.md, "The application was deleted".`,
    };
  }
  const isGone = deleted.error.failure.status === 404;
  return {
    message: `${who} is not in the tenant any more${isGone ? ", and not in its recycle bin" : "; whether it is in the recycle bin could not be read"}.`,
    remedy: 'See docs/recovery.md, "The application was deleted".',
  };
}

/** The failure of a command that can do nothing without the application. */
export function deletedFailure({ message, remedy }: DeletedApplication): Failure {
  return new Failure("EXO_AUTH_APPLICATION_DELETED", `${message} ${remedy}`);
}

const Found = v.object({ id: v.string(), deletedDateTime: v.nullish(v.string()) });

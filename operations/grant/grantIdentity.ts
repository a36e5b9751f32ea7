import { usageFailure } from "../../common/failure.ts";
import type { PublicComponent, PublicGeneration, StackState } from "../../stack/components.ts";
import type { Owner } from "./ownNames.ts";

/** Whose objects and assignments a component's are. */
export function ownerOf(
  { project, stack }: Pick<StackState<PublicGeneration>, "project" | "stack">,
  { name, servicePrincipalObjectId }: Pick<PublicComponent, "name" | "servicePrincipalObjectId">,
): Owner {
  return { project, stack, component: name, servicePrincipalObjectId };
}

/** @throws Failure where the job itself would change what it may do */
export function requireOtherIdentity({
  subjects,
  clientId,
}: {
  readonly subjects: readonly { readonly appId: string; readonly component: string }[];
  readonly clientId: string | undefined;
}): void {
  const own = subjects.find(({ appId }) => appId.toLowerCase() === clientId?.toLowerCase());
  if (own === undefined) return;
  throw usageFailure(
    `The identity that changes Exchange is application ${own.appId}, which is component "${own.component}" itself. Use a separate identity (docs/leastPrivilege.md).`,
  );
}

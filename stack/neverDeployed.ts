import { Failure } from "../common/failure.ts";

/** What every command says of a stack that has nothing. */
export function neverDeployed(): Failure {
  return new Failure(
    "EXO_AUTH_NO_COMPONENT",
    "The stack has no resources: it was never deployed, or was destroyed. Run `pulumi up`.",
  );
}

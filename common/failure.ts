/** What tells one error from another in scripts. Never renamed. */
export type ErrorCode =
  | "EXO_AUTH_USAGE"
  | "EXO_AUTH_PULUMI"
  | "EXO_AUTH_STACK_NOT_FOUND"
  | "EXO_AUTH_NO_COMPONENT"
  | "EXO_AUTH_INCOMPLETE"
  | "EXO_AUTH_APPLICATION_DELETED"
  | "EXO_AUTH_OUTDATED"
  | "EXO_AUTH_APPLICATION_BLOCKED"
  | "EXO_AUTH_CERTIFICATE"
  | "EXO_AUTH_SIGN_IN"
  | "EXO_AUTH_SIGN_IN_REDIRECTED"
  | "EXO_AUTH_WRONG_TENANT"
  | "EXO_AUTH_SERVICE"
  | "EXO_AUTH_FILE"
  | "EXO_AUTH_CANCELLED"
  | "EXO_AUTH_INTERNAL";

/** What each error code means, for the docs. */
export const errorCodeMeanings: Readonly<Record<ErrorCode, string>> = {
  EXO_AUTH_USAGE: "the options or arguments are wrong",
  EXO_AUTH_PULUMI: "Pulumi's command line is missing, or failed. The message has Pulumi's own words",
  EXO_AUTH_STACK_NOT_FOUND: "the stack does not exist",
  EXO_AUTH_NO_COMPONENT: "the stack has no such component, or it has several and you must name one",
  EXO_AUTH_INCOMPLETE: "an update of the stack did not finish",
  EXO_AUTH_OUTDATED:
    "the configuration is older than what the last update deployed, or something changed while the command ran",
  EXO_AUTH_APPLICATION_DELETED: "the application that the stack deployed was deleted in the tenant",
  EXO_AUTH_APPLICATION_BLOCKED: "the application is blocked in the tenant, so nobody gets a token for it",
  EXO_AUTH_CERTIFICATE: "a certificate or its key cannot be used",
  EXO_AUTH_SIGN_IN: "a sign-in was refused",
  EXO_AUTH_SIGN_IN_REDIRECTED:
    "the state makes the azuread provider sign in elsewhere than the settings and the environment say",
  EXO_AUTH_WRONG_TENANT: "the stack deployed to another tenant than `expectedTenantId` says",
  EXO_AUTH_SERVICE: "a Microsoft service could not be reached, or refused a request",
  EXO_AUTH_FILE: "a file cannot be read or written",
  EXO_AUTH_CANCELLED: "somebody pressed Ctrl-C, or sent SIGTERM or SIGHUP",
  EXO_AUTH_INTERNAL: "a bug in exo-auth",
};

/** What went wrong where the code leaves it open, as it does for whatever Pulumi or a file can have. */
export type FailureReason =
  | "configuration"
  | "authentication"
  | "resource"
  | "policy"
  | "expectation"
  | "cancelled"
  | "timeout";

/** A failure that its message explains: no stack trace is shown. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly code: ErrorCode;
  /** Absent where the code says it all. */
  readonly reason?: FailureReason;

  /** @param message what is wrong, and what to do about it */
  constructor(
    code: ErrorCode,
    message: string,
    { reason, ...options }: ErrorOptions & { readonly reason?: FailureReason | undefined } = {},
  ) {
    super(message, options);
    this.code = code;
    if (reason !== undefined) this.reason = reason;
  }
}

/** Options or arguments that cannot be meant. */
export function usageFailure(message: string): Failure {
  return new Failure("EXO_AUTH_USAGE", message);
}

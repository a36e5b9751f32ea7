import { ExitCode } from "./exitCodes.ts";

/** What tells one error from another in scripts. Never renamed. */
export type ErrorCode =
  | "EXO_AUTH_USAGE"
  | "EXO_AUTH_PULUMI"
  | "EXO_AUTH_STACK_NOT_FOUND"
  | "EXO_AUTH_NO_COMPONENT"
  | "EXO_AUTH_INCOMPLETE"
  | "EXO_AUTH_OUTDATED"
  | "EXO_AUTH_CERTIFICATE"
  | "EXO_AUTH_SIGN_IN"
  | "EXO_AUTH_SERVICE"
  | "EXO_AUTH_FILE"
  | "EXO_AUTH_CANCELLED"
  | "EXO_AUTH_INTERNAL";

/** A failure that its message explains: no stack trace is shown. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly code: ErrorCode;
  readonly exitCode: ExitCode;

  /** @param message what is wrong, and what to do about it */
  constructor(code: ErrorCode, exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.exitCode = exitCode;
  }
}

/** Options or arguments that cannot be meant. */
export function usageError(message: string): CliError {
  return new CliError("EXO_AUTH_USAGE", ExitCode.Configuration, message);
}

import type { Failure, ErrorCode, FailureReason } from "../common/failure.ts";
import type { Obstacle } from "../operations/preflight/checkResult.ts";
import type { Cause } from "../operations/verification/problem.ts";

/** The exit codes, as Pulumi publishes them for its own command line. */
export const ExitCode = {
  Ok: 0,
  Error: 1,
  Configuration: 2,
  Authentication: 3,
  Resource: 4,
  Policy: 5,
  StackNotFound: 6,
  ExpectationFailed: 7,
  Cancelled: 8,
  Timeout: 9,
  Internal: 255,
} as const;

/** One of the values of `ExitCode`. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** What each exit code means, for help and docs. */
export const exitCodeMeanings: Readonly<Record<ExitCode, string>> = {
  0: "success",
  1: "something failed, such as the network",
  2: "the options or the configuration are wrong",
  3: "a sign-in was refused, or a permission to read is missing",
  4: "something in the tenant must be different",
  5: "a policy of the tenant forbids it",
  6: "the stack does not exist",
  7: "the result is not the expected one: drift, findings, or a certificate that expires too soon",
  8: "canceled",
  9: "the time ran out",
  255: "a bug in exo-auth",
};

const failureExitCodes: Readonly<Record<ErrorCode, ExitCode>> = {
  EXO_AUTH_USAGE: ExitCode.Configuration,
  EXO_AUTH_PULUMI: ExitCode.Error,
  EXO_AUTH_STACK_NOT_FOUND: ExitCode.StackNotFound,
  EXO_AUTH_NO_COMPONENT: ExitCode.Configuration,
  EXO_AUTH_INCOMPLETE: ExitCode.Resource,
  EXO_AUTH_OUTDATED: ExitCode.Configuration,
  EXO_AUTH_APPLICATION_DELETED: ExitCode.Resource,
  EXO_AUTH_APPLICATION_BLOCKED: ExitCode.Resource,
  EXO_AUTH_CERTIFICATE: ExitCode.Configuration,
  EXO_AUTH_SIGN_IN: ExitCode.Authentication,
  EXO_AUTH_SIGN_IN_REDIRECTED: ExitCode.Configuration,
  EXO_AUTH_WRONG_TENANT: ExitCode.Configuration,
  EXO_AUTH_SERVICE: ExitCode.Error,
  EXO_AUTH_FILE: ExitCode.Error,
  EXO_AUTH_CANCELLED: ExitCode.Cancelled,
  EXO_AUTH_INTERNAL: ExitCode.Internal,
};

const reasonExitCodes: Readonly<Record<FailureReason, ExitCode>> = {
  configuration: ExitCode.Configuration,
  authentication: ExitCode.Authentication,
  resource: ExitCode.Resource,
  policy: ExitCode.Policy,
  expectation: ExitCode.ExpectationFailed,
  cancelled: ExitCode.Cancelled,
  timeout: ExitCode.Timeout,
};

/** The exit code of a failure. */
export function failureExitCode({ code, reason }: Pick<Failure, "code" | "reason">): ExitCode {
  return reason === undefined ? failureExitCodes[code] : reasonExitCodes[reason];
}

/** The exit code for each cause that keeps a sign-in from working. */
export const causeExitCodes: Readonly<Record<Cause, ExitCode>> = {
  certificateExpired: ExitCode.Authentication,
  certificateNotYetValid: ExitCode.Authentication,
  certificateNotAccepted: ExitCode.Authentication,
  applicationMissing: ExitCode.Authentication,
  servicePrincipalMissing: ExitCode.Authentication,
  servicePrincipalDisabled: ExitCode.Authentication,
  conditionalAccess: ExitCode.Authentication,
  clockSkew: ExitCode.Authentication,
  signInRefused: ExitCode.Authentication,
  wrongCloud: ExitCode.Configuration,
  tenantUnknown: ExitCode.Configuration,
  consentMissing: ExitCode.Resource,
  roleMissing: ExitCode.Resource,
  roleUnsupported: ExitCode.Resource,
  roleNotEffective: ExitCode.Resource,
  roleGroupMissing: ExitCode.Resource,
  cmdletAllowed: ExitCode.Resource,
  exchangeMissing: ExitCode.Resource,
  requestRefused: ExitCode.Resource,
  network: ExitCode.Error,
  serviceUnavailable: ExitCode.Error,
};

/** The exit code for each obstacle in an update's way. */
export const obstacleExitCodes: Readonly<Record<Obstacle, ExitCode>> = {
  wrongTenant: ExitCode.Configuration,
  wrongCloud: ExitCode.Configuration,
  planRefused: ExitCode.Configuration,
  securityAndComplianceMissing: ExitCode.Resource,
  outdatedConfiguration: ExitCode.Configuration,
  certificateReplaced: ExitCode.Configuration,
  permissionMissing: ExitCode.Authentication,
  certificateTooLong: ExitCode.Policy,
  certificateNotTrusted: ExitCode.Policy,
  exchangeMissing: ExitCode.Resource,
  applicationOrphaned: ExitCode.Resource,
  applicationDeleted: ExitCode.Resource,
  federatedCredentialExists: ExitCode.Resource,
  federatedCredentialsFull: ExitCode.Resource,
  roleWouldPause: ExitCode.Configuration,
  timedRoleStays: ExitCode.Configuration,
};

/** The exit code of a sign-in that was tried. */
export function signInExitCode(problem: { readonly cause: Cause } | undefined): ExitCode {
  return problem === undefined ? ExitCode.Ok : causeExitCodes[problem.cause];
}

/** From the worst on: what nobody can explain, what could not be read, what must be set right, findings. */
const worstFirst: readonly ExitCode[] = [
  ExitCode.Internal,
  ExitCode.Error,
  ExitCode.Timeout,
  ExitCode.Authentication,
  ExitCode.Resource,
  ExitCode.Policy,
  ExitCode.StackNotFound,
  ExitCode.Configuration,
  ExitCode.ExpectationFailed,
];

/** The exit code of several runs: that of the worst. */
export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  return worstFirst.find((code) => codes.includes(code)) ?? ExitCode.Ok;
}

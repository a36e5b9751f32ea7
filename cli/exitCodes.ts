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
  0: "all is well",
  1: "something failed, such as the network",
  2: "wrong options or configuration",
  3: "a sign-in was refused, or a right to read is missing",
  4: "something in the tenant is not as it must be",
  5: "a policy of the tenant forbids it",
  6: "the stack does not exist",
  7: "what was expected is not so: drift, findings, or a certificate that ends too soon",
  8: "cancelled",
  9: "out of time",
  255: "a fault of exo-auth",
};

/** The component that a command writes to. */
export const component = {
  type: "string",
  value: "NAME",
  description: "the ExchangeAppOnlyAuth, where the stack has several",
} as const;

/** How long a new certificate's sign-in may take. */
export const wait = {
  type: "string",
  value: "TIME",
  default: "5m",
  description: "how long to try the new certificate's sign-in; 0s: once; default: 5m",
} as const;

/** What rotation needs. */
export const permissions = [
  "what `pulumi up` needs: the stack's state and secrets, and the deploying identity's permissions",
  "to the stack's settings file, to write",
  "in the tenant none of its own: it signs in as the application itself",
] as const;

/** The option of commands that look at components. */
export const component = {
  type: "string",
  value: "NAME",
  description: "only this ExchangeAppOnlyAuth of the stack; default: all",
} as const;

/** The options of commands that report findings. */
export const reportingOptions = {
  format: {
    type: "string",
    value: "FORMAT",
    default: "text",
    description: "text, json, junit, sarif or markdown, on standard output",
  },
  "fail-on": {
    type: "string",
    value: "SEVERITY",
    default: "low",
    description: "exit 7 from this severity on: low, medium, high, critical, or none",
  },
  "keep-accepted": {
    type: "boolean",
    description:
      "with --format sarif: list accepted findings as suppressed; GitHub shows these as open alerts",
  },
} as const;

/** What a command needs that reads what is public of a stack's state. */
export const readsState =
  "the stack's state, as `pulumi stack export`; no passphrase and no key service, unless a value that it needs is a secret, which it then names";

/** What a command needs that uses a private key. */
export const opensState =
  "the stack's state and the secrets in it, as `pulumi stack export --show-secrets`: it uses a private key";

/** The component that a command writes to. */
export const oneComponent = {
  type: "string",
  value: "NAME",
  description: "the ExchangeAppOnlyAuth, where the stack has several",
} as const;

/** How long a new certificate's sign-in may take. */
export const signInWait = {
  type: "string",
  value: "TIME",
  default: "5m",
  description: "how long to try the new certificate's sign-in; 0s: once; default: 5m",
} as const;

/** What a command needs that rotates. */
export const rotationPermissions = [
  "what `pulumi up` needs: the stack's state and secrets, and the deploying identity's permissions",
  "to the stack's settings file, to write",
] as const;

/** Where a sign-in comes from that a stack does not have. */
export const signInSources = {
  "certificate-file": {
    type: "string",
    value: "FILE",
    description: "a PEM or PFX file instead of a stack",
  },
  "password-file": {
    type: "string",
    value: "FILE",
    description: "the file's password; default: the variable EXO_AUTH_CERTIFICATE_PASSWORD",
  },
  "app-id": { type: "string", value: "ID", description: "with a file: the application's client id" },
  organization: {
    type: "string",
    value: "DOMAIN",
    description: "with a file: the tenant's initial domain",
  },
  "from-environment": { type: "boolean", description: "the identity in ARM_… or AZURE_… variables" },
} as const;

/** The option of commands that look at components. */
export const component = {
  type: "string",
  value: "NAME",
  description: "only this ExchangeAppOnlyAuth of the stack. Default: all",
} as const;

/** The options of commands that report findings. */
export const reportingOptions = {
  format: {
    type: "string",
    value: "FORMAT",
    default: "text",
    description:
      "what to print on standard output: `text`, `json`, `junit`, `sarif` or `markdown`. Default: `text`",
  },
  "fail-on": {
    type: "string",
    value: "SEVERITY",
    default: "low",
    description:
      "exit with 7 for this severity or higher: `low`, `medium`, `high` or `critical`. `none`: never. Default: `low`",
  },
  "keep-accepted": {
    type: "boolean",
    description:
      "with `--format sarif`: list accepted findings as suppressed. GitHub shows these as open alerts",
  },
} as const;

/** What a command needs that reads what is public of a stack's state. */
export const readsState =
  "the stack's state, as `pulumi stack export` reads it. It takes no passphrase and no key service, unless a value that it needs is a secret. The output names that value";

/** What a command needs that uses a private key. */
export const opensState =
  "the stack's state and its secrets, as `pulumi stack export --show-secrets` reads them, because it uses a private key";

/** What a command needs that signs in as the application, with a stack's certificate or with an identity that an option names. */
export const signsIn = [
  `with a stack's certificate: ${opensState}`,
  "with --certificate-file, --key-vault-certificate or --from-environment: no stack",
  "in the tenant: nothing, because it signs in as the application itself",
  "in Azure Key Vault, with --key-vault-certificate: `certificates/get` and `keys/sign`, such as the roles Key Vault Reader and Key Vault Crypto User",
] as const;

/** The component that a command writes to. */
export const oneComponent = {
  type: "string",
  value: "NAME",
  description: "the ExchangeAppOnlyAuth, if the stack has several",
} as const;

/** How long a new certificate's sign-in may take. */
export const signInWait = {
  type: "string",
  value: "TIME",
  default: "5m",
  description: "how long to try the sign-in with the new certificate. 0s: try once. Default: 5m",
} as const;

/** The options of commands that rotate. */
export const rotationOptions = {
  "dry-run": { type: "boolean", description: "print what would happen and when, and change nothing" },
  "no-up": {
    type: "boolean",
    description: "only edit the settings file, so that you can review the change",
  },
  "renew-before": {
    type: "string",
    value: "TIME",
    description:
      "renew this long before the certificate expires, such as 60d. Default: a third of the lifetime",
  },
  overlap: {
    type: "string",
    value: "TIME",
    default: "7d",
    description:
      "how long the old certificate stays. At least 90m, because a token is valid for that long. Default: 7d",
  },
  wait: signInWait,
} as const;

/** How long Microsoft's servers may differ after an update. */
export const replicationWait = {
  type: "string",
  value: "TIME",
  default: "2m",
  description:
    "how long after an update to wait for Microsoft's servers before reporting a difference. 0s: report at once. Default: 2m",
} as const;

/** Which stacks of a project a command looks after. */
export const stackChoice = {
  stacks: {
    type: "string",
    value: "NAMES",
    description: "only these stacks, separated by commas or spaces. Default: every stack of the project",
  },
  exclude: {
    type: "string",
    value: "NAMES",
    description: "stacks to leave out, such as dev-*,try. * stands for any characters",
  },
  shard: {
    type: "string",
    value: "N/M",
    description: "only the stacks of one job of many: 3/20 is the third job of `matrix --shards 20`",
  },
} as const;

/** What a command needs that rotates. */
export const rotationPermissions = [
  "what `pulumi up` needs: the stack's state and secrets, and the permissions of the deploying identity",
  "the right to write the stack's settings file",
] as const;

/** Where a sign-in comes from that a stack does not have. */
export const signInSources = {
  "certificate-file": {
    type: "string",
    value: "FILE",
    description: "use this PEM or PFX file instead of a stack",
  },
  "password-file": {
    type: "string",
    value: "FILE",
    description:
      "a file with the password of the PFX or PEM. Default: the variable EXO_AUTH_CERTIFICATE_PASSWORD",
  },
  "key-vault-certificate": {
    type: "string",
    value: "URL",
    description:
      "sign with the key of this certificate in Azure Key Vault, which never leaves it. The identity in the ARM_… or AZURE_… variables, or the Azure CLI's account, signs in to Key Vault",
  },
  "app-id": {
    type: "string",
    value: "ID",
    description: "with a certificate of a file or of Key Vault: the application's client ID",
  },
  organization: {
    type: "string",
    value: "DOMAIN",
    description: "with a certificate of a file or of Key Vault: the tenant's initial domain",
  },
  "from-environment": { type: "boolean", description: "use the identity in the ARM_… or AZURE_… variables" },
} as const;

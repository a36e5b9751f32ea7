/** The option of commands that look at components. */
export const component = {
  type: "string",
  value: "NAME",
  description: "only this ExchangeAppOnlyAuth of the stack; default: all",
} as const;

/** The options of commands that report findings. */
export const reporting = {
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
} as const;

/** What a command needs that reads a stack's state. */
export const readsState = "the stack's state and the secrets in it, as `pulumi stack export --show-secrets`";

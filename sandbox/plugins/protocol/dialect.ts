/**
 * The bridge through which Pulumi reaches a Terraform plugin: the one for its older SDK (azuread), or the one for its
 * plugin framework (tls, random). They differ in defaults, nulls, secrets and diffs.
 */
export type Dialect = "sdk" | "framework";

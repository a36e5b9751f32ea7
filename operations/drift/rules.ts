import type { Rule } from "../findings/finding.ts";
import {
  driftedRoleChanged,
  driftedRoleMissing,
  exchangeRoleChanged,
  exchangeRoleMissing,
} from "./exchangeRoles.ts";

const driftDocs = "https://www.pulumi.com/docs/deployments/concepts/drift/";

/** A resource of the state that the tenant does not have any more. */
export const missing: Rule = {
  id: "EXO-DRIFT-MISSING",
  title: "Missing from the tenant",
  severity: "high",
  why: "Scripts that sign in depend on it, and Pulumi still believes that it exists.",
  source: driftDocs,
};

/** The application itself, with all that goes with it. */
export const applicationDeleted: Rule = {
  id: "EXO-DRIFT-APPLICATION-DELETED",
  title: "The application was deleted",
  severity: "critical",
  why: "No script can sign in. Entra keeps a deleted application for 30 days. After that, nobody can restore it.",
  source: "https://learn.microsoft.com/entra/identity/enterprise-apps/delete-recover-faq",
};

/** A property with another value than the last update left there. */
export const changed: Rule = {
  id: "EXO-DRIFT-CHANGED",
  title: "Changed in the tenant",
  severity: "medium",
  why: "Somebody or something other than Pulumi changed it.",
  source: driftDocs,
};

/** A self-signed certificate within its time of early renewal. */
export const renewalDue: Rule = {
  id: "EXO-DRIFT-ROTATION-DUE",
  title: "Rotation due",
  severity: "low",
  why: "Nothing was changed in the tenant. The certificate has reached its own time of renewal.",
  source: "https://www.pulumi.com/registry/packages/tls/api-docs/selfsignedcert/",
};

/** As before, once it has ended. */
export const certificateEnded: Rule = {
  ...renewalDue,
  id: "EXO-DRIFT-CERTIFICATE-ENDED",
  title: "The certificate has ended",
  severity: "high",
  why: "Nobody can sign in with it anymore. Nothing was changed in the tenant.",
};

/** What a create that failed at first and healed later leaves in the state. */
export const spentInitErrors: Rule = {
  id: "EXO-DRIFT-SPENT-INIT-ERRORS",
  title: "Marked as unfinished",
  severity: "low",
  why: "Its creation failed at first and succeeded later. The engine keeps the mark until the next update, which changes nothing in the tenant.",
  source: "https://www.pulumi.com/docs/iac/concepts/resources/",
};

/** Every kind of finding that `drift` has. */
export const driftRules: readonly Rule[] = [
  applicationDeleted,
  missing,
  changed,
  certificateEnded,
  renewalDue,
  spentInitErrors,
  exchangeRoleMissing,
  exchangeRoleChanged,
  driftedRoleMissing,
  driftedRoleChanged,
];

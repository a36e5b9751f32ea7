import type { Rule } from "../findings/finding.ts";

const credentials = {
  severity: "critical",
  why: "Whoever has it signs in as the application, with everything that the application may do.",
  source: "https://attack.mitre.org/techniques/T1098/001/",
} as const;
const owners = {
  severity: "high",
  why: "An owner can add credentials, and so sign in as the application.",
  source: "https://learn.microsoft.com/entra/identity/enterprise-apps/overview-assign-app-owners",
} as const;
const access = {
  severity: "critical",
  why: "It widens what everybody may do who can sign in as the application.",
  source: "https://learn.microsoft.com/entra/identity/role-based-access-control/privileged-roles-permissions",
} as const;

/** Every kind of finding that `audit` has. */
export const rules = {
  applicationCertificate: {
    id: "EXO-AUDIT-APPLICATION-CERTIFICATE",
    title: "Certificate on the application",
    ...credentials,
  },
  applicationPassword: {
    id: "EXO-AUDIT-APPLICATION-PASSWORD",
    title: "Client secret on the application",
    ...credentials,
  },
  federatedCredential: {
    id: "EXO-AUDIT-FEDERATED-CREDENTIAL",
    title: "Federated identity credential on the application",
    ...credentials,
    why: "A workload elsewhere signs in as the application, without any secret that could be found.",
  },
  servicePrincipalCertificate: {
    id: "EXO-AUDIT-SERVICE-PRINCIPAL-CERTIFICATE",
    title: "Certificate on the service principal",
    ...credentials,
    why: "It signs in as the application, and the portal's page of the app registration does not show it.",
  },
  servicePrincipalPassword: {
    id: "EXO-AUDIT-SERVICE-PRINCIPAL-PASSWORD",
    title: "Client secret on the service principal",
    ...credentials,
    why: "It signs in as the application, and the portal's page of the app registration does not show it.",
  },
  applicationOwner: { id: "EXO-AUDIT-APPLICATION-OWNER", title: "Owner of the application", ...owners },
  servicePrincipalOwner: {
    id: "EXO-AUDIT-SERVICE-PRINCIPAL-OWNER",
    title: "Owner of the service principal",
    ...owners,
  },
  scopedRole: {
    id: "EXO-AUDIT-SCOPED-ROLE",
    title: "Directory role over the application or its service principal",
    ...owners,
    why: "Whoever holds it can add credentials, and so sign in as the application.",
  },
  permission: {
    id: "EXO-AUDIT-PERMISSION",
    title: "App role assignment",
    ...access,
    severity: "high",
    source: "https://learn.microsoft.com/graph/permissions-reference",
  },
  delegatedGrant: {
    id: "EXO-AUDIT-DELEGATED-GRANT",
    title: "Delegated permission grant",
    ...access,
    severity: "medium",
    why: "It lets the application act for people who sign in to it.",
    source: "https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant",
  },
  role: { id: "EXO-AUDIT-ROLE", title: "Directory role", ...access },
  roleEligibility: { id: "EXO-AUDIT-ROLE-ELIGIBILITY", title: "Eligibility for a directory role", ...access },
  roleGroup: {
    id: "EXO-AUDIT-ROLE-GROUP",
    title: "Membership of a group that can carry directory roles",
    ...access,
    source: "https://learn.microsoft.com/entra/identity/role-based-access-control/groups-concept",
  },
  signInAudience: {
    id: "EXO-AUDIT-SIGN-IN-AUDIENCE",
    title: "Sign-in audience of the application",
    severity: "high",
    why: "The application can be used from other tenants, which a multi-tenant backdoor needs.",
    source: "https://learn.microsoft.com/entra/identity-platform/supported-accounts-validation",
  },
  managementPolicy: {
    id: "EXO-AUDIT-MANAGEMENT-POLICY",
    title: "Management policy of the application's own",
    severity: "medium",
    why: "It goes before the tenant's policy, which may forbid secrets or limit the lifetime of certificates.",
    source: "https://learn.microsoft.com/graph/api/resources/applicationauthenticationmethodpolicy",
  },
  certificateEnds: {
    id: "EXO-AUDIT-CERTIFICATE-ENDS",
    title: "End of the current certificate",
    severity: "medium",
    why: "Nothing can sign in once it has ended.",
    source:
      "https://learn.microsoft.com/entra/identity/monitoring-health/recommendation-renew-expiring-application-credential",
  },
} as const satisfies Record<string, Rule>;

/** One of the names in `rules`. */
export type RuleName = keyof typeof rules;

import type { Rule, Severity } from "../findings/finding.ts";

const source = "https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations";

/** What `audit --identity` finds. */
export const identityRules = {
  secret: {
    id: "EXO-IDENTITY-SECRET",
    title: "Client secret of a deploying or reading identity",
    severity: "high",
    why: "Anyone who copies it can deploy from anywhere. A federated credential leaves nothing to copy.",
    source,
  },
  certificate: {
    id: "EXO-IDENTITY-CERTIFICATE",
    title: "Certificate of a deploying or reading identity",
    severity: "medium",
    why: "Anyone who has its key can deploy from anywhere. A federated credential leaves nothing to copy.",
    source,
  },
  owner: {
    id: "EXO-IDENTITY-OWNER",
    title: "Owner of a deploying or reading identity",
    severity: "high",
    why: "An owner can add credentials, and then deploy.",
    source: "https://learn.microsoft.com/entra/identity/enterprise-apps/overview-assign-app-owners",
  },
  scopedRole: {
    id: "EXO-IDENTITY-SCOPED-ROLE",
    title: "Directory role over a deploying or reading identity",
    severity: "high",
    why: "Anyone who holds it, or can take it, can add credentials, and then deploy.",
    source: "https://learn.microsoft.com/entra/identity/enterprise-apps/overview-assign-app-owners",
  },
  right: {
    id: "EXO-IDENTITY-RIGHT",
    title: "Right of a deploying or reading identity beyond what its page lists",
    severity: "high",
    why: "Anyone who can change the pipeline has it, too.",
    source: "https://learn.microsoft.com/graph/permissions-reference",
  },
  subject: {
    id: "EXO-IDENTITY-SUBJECT",
    title: "Federated subject wider than one branch or environment",
    severity: "high",
    why: "Every workflow that it matches can deploy, including pull requests.",
    source: "https://docs.github.com/actions/reference/security/oidc",
  },
} as const satisfies Record<string, Rule>;

/** Something that was found. */
export interface FoundItem {
  readonly rule: keyof typeof identityRules;
  /** @default the rule's */
  readonly severity?: Severity;
  readonly subject: string;
  readonly found: string;
  /** The page that lists what such an identity needs. @default "docs/deployer.md" */
  readonly page?: string;
}

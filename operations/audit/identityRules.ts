import { deployerPermissions, readerPermissions } from "../../microsoft/identityPermissions.ts";
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
  right: {
    id: "EXO-IDENTITY-RIGHT",
    title: "Right of a deploying or reading identity beyond what docs/deployer.md lists",
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
}

/** The permissions that docs/deployer.md and docs/audit.md list, by value. */
export const permittedToIdentities: ReadonlySet<string> = new Set([
  ...deployerPermissions,
  ...readerPermissions,
  "User.Read.All",
]);

/**
 * Whether a federated credential trusts more than one branch or environment; the forms are GitHub's and GitLab's. Of
 * GitHub, whose subjects an organization can compose itself, one that does not say both repository and place is wide.
 */
export function isWideSubject(
  subject: string | null | undefined,
  expression: string | null | undefined,
  issuer?: string,
): boolean {
  if (subject === null || subject === undefined || subject === "") return (expression ?? "") !== "";
  if (subject.includes("*")) return true;
  if (subject.startsWith("repo:")) return !/:(environment:.+|ref:refs\/heads\/.+)$/.test(subject);
  if (subject.startsWith("project_path:")) return !/:ref_type:branch:ref:.+$/.test(subject);
  if (!isGithub.test(issuer ?? "")) return false;
  return !(
    /(?:^|:)repository(?:_id)?:[^:\s]+/.test(subject) &&
    /(?:^|:)(?:environment:[^:\s]|ref:refs\/heads\/[^:\s])/.test(subject)
  );
}

/** https://docs.github.com/actions/reference/security/oidc: an enterprise can have an issuer of its own. */
const isGithub = /^https:\/\/token\.actions\.(?:githubusercontent\.com|[\w-]+\.ghe\.com)(?:\/|$)/i;

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

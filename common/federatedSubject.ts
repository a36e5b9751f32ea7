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
  if (/[*\n\r]/.test(subject)) return true;
  if (subject.startsWith("repo:")) return !/:(environment:.+|ref:refs\/heads\/.+)$/.test(subject);
  const claims = gitlabClaims(subject);
  if (claims !== undefined) {
    const namesBranch = claims.get("ref_type") === "branch" && Boolean(claims.get("ref"));
    return !namesBranch && !claims.get("environment");
  }
  // A subject of gitlab.com that does not say the project is any project's there.
  if (/^https:\/\/gitlab\.com\/?$/i.test(issuer ?? "")) return true;
  if (!isGithub.test(issuer ?? "")) return false;
  return !(
    /(?:^|:)repository(?:_id)?:[^:\s]+/.test(subject) &&
    /(?:^|:)(?:environment:[^:\s]|ref:refs\/heads\/[^:\s])/.test(subject)
  );
}

/**
 * An enterprise can have an issuer of its own, and so has GitHub Enterprise Server.
 *
 * Source: GitHub's page "OpenID Connect reference", and the same page for GitHub Enterprise Server.
 */
const isGithub =
  /^https:\/\/(?:token\.actions\.(?:githubusercontent\.com|[\w-]+\.ghe\.com)(?:\/|$)|[^/]+\/_services\/token\/?$)/i;

/** The claims of which GitLab made a subject; undefined for all others. */
function gitlabClaims(subject: string): ReadonlyMap<string, string> | undefined {
  if (!/^project_(?:path|id):/.test(subject)) return undefined;
  const parts = subject.split(":");
  return new Map(parts.flatMap((name, index) => (index % 2 === 0 ? [[name, parts[index + 1] ?? ""]] : [])));
}

/** Who can get a wide subject, as the beginning of a sentence. */
export function federatedSubjectHolders(subject: string): string {
  const [, repository, rest = ""] = /^repo:([^:]+)(.*)$/.exec(subject) ?? [];
  if (repository !== undefined) return holders(repository.replaceAll(/@\d+/g, ""), githubTag(rest), rest);
  const claims = gitlabClaims(subject);
  if (claims === undefined)
    return "every workflow that gets this subject, which does not name both a repository and a branch or environment,";
  const project = claims.get("project_path") ?? `project ${claims.get("project_id")}`;
  return holders(project, claims.get("ref_type") === "tag" ? claims.get("ref") : undefined, "");
}

function githubTag(rest: string): string | undefined {
  return /^:ref:refs\/tags\/(.+)$/.exec(rest)?.[1];
}

function holders(where: string, tag: string | undefined, rest: string): string {
  if (tag !== undefined) return `everybody who can create the tag "${tag}" in ${where}`;
  return rest === ":pull_request"
    ? `every pull request in ${where}, from any branch,`
    : `every job of ${where}, on any branch,`;
}

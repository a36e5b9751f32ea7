import { expect, it } from "vitest";

import {
  type GitHubArgs,
  githubTrust,
  gitlabTrust,
  kubernetesTrust,
} from "../../../components/arguments/federatedPlatforms.ts";

const github = "https://token.actions.githubusercontent.com";
const ids = { repository: "contoso/mail", ownerId: "123", repositoryId: "456" };

function told<T>(resolve: (report: (path: string, text: string) => void) => T) {
  const problems: string[] = [];
  const trusted = resolve((path, text) => problems.push(`\`${path}\` ${text}`));
  return { trusted, problems };
}

const ofGitHub = (args: GitHubArgs) => told((report) => githubTrust(args, "github", report));

it.each<[GitHubArgs, string]>([
  [{ ...ids, environment: "production" }, "repo:contoso@123/mail@456:environment:production"],
  [{ ...ids, environment: "eu:production" }, "repo:contoso@123/mail@456:environment:eu%3Aproduction"],
  [{ ...ids, branch: "release/1" }, "repo:contoso@123/mail@456:ref:refs/heads/release/1"],
  [{ ...ids, tag: "v1" }, "repo:contoso@123/mail@456:ref:refs/tags/v1"],
  [{ ...ids, pullRequest: true }, "repo:contoso@123/mail@456:pull_request"],
  [{ repository: "contoso/mail", immutable: false, branch: "main" }, "repo:contoso/mail:ref:refs/heads/main"],
  [
    { ...ids, subjectPrefix: "repo:other@1/mail@2", branch: "main" },
    "repo:other@1/mail@2:ref:refs/heads/main",
  ],
])("GitHub sends for %j the subject %s", (args, subject) => {
  expect(ofGitHub(args)).toEqual({ trusted: { issuer: github, subject }, problems: [] });
});

it("GitHub's form with names must be asked for", () => {
  const hint =
    "Show it with `gh api repos/OWNER/REPOSITORY`. If the repository's tokens have no IDs, set immutable to false.";
  expect(ofGitHub({ repository: "contoso/mail", branch: "main" })).toEqual({
    trusted: undefined,
    problems: [
      `\`github.ownerId\` must be the ID in digits, as a text, got undefined. ${hint}`,
      `\`github.repositoryId\` must be the ID in digits, as a text, got undefined. ${hint}`,
    ],
  });
});

it.each([{}, { branch: "main", tag: "v1" }, { branch: "main", pullRequest: true }, { pullRequest: false }])(
  "GitHub needs exactly one of what says which job, not %j",
  (which) => {
    expect(ofGitHub({ ...ids, ...which })).toEqual({
      trusted: undefined,
      problems: ["`github` must have exactly one of environment, branch, tag and pullRequest: true."],
    });
  },
);

it("a name with a wildcard is refused, because Entra compares exactly", () => {
  expect(ofGitHub({ ...ids, branch: "release/*" })).toEqual({
    trusted: undefined,
    problems: [
      '`github.branch` must be a text without spaces and *, got "release/*". Entra compares it exactly. Give one name.',
    ],
  });
});

it.each([
  [
    { project: "group/sub/mail", branch: "main" },
    { issuer: "https://gitlab.com", subject: "project_path:group/sub/mail:ref_type:branch:ref:main" },
  ],
  [
    { project: "group/mail", tag: "v1", host: "gitlab.contoso.com" },
    { issuer: "https://gitlab.contoso.com", subject: "project_path:group/mail:ref_type:tag:ref:v1" },
  ],
])("GitLab sends for %j %j", (args, trusted) => {
  expect(told((report) => gitlabTrust(args, "gitlab", report))).toEqual({ trusted, problems: [] });
});

it("GitLab's problems are told at once", () => {
  expect(told((report) => gitlabTrust({ project: "mail", host: "https://x" }, "gitlab", report))).toEqual({
    trusted: undefined,
    problems: [
      '`gitlab.project` must be the project\'s path, got "mail". Give a text such as "group/project".',
      '`gitlab.host` must be a host name without https://, got "https://x". Give a text such as "gitlab.contoso.com".',
      "`gitlab` must have exactly one of branch and tag.",
    ],
  });
});

it("Kubernetes sends the namespace and the service account", () => {
  const args = { issuer: "https://oidc.contoso.com/1/", namespace: "mail", serviceAccount: "mail.reports" };
  expect(told((report) => kubernetesTrust(args, "kubernetes", report))).toEqual({
    trusted: { issuer: "https://oidc.contoso.com/1/", subject: "system:serviceaccount:mail:mail.reports" },
    problems: [],
  });
});

it("Kubernetes' names must be names", () => {
  const args = { issuer: "https://oidc.contoso.com/", namespace: "a:b", serviceAccount: "*" };
  expect(told((report) => kubernetesTrust(args, "kubernetes", report))).toEqual({
    trusted: undefined,
    problems: [
      '`kubernetes.namespace` must be the name of a namespace, got "a:b". Give a text such as "default".',
      '`kubernetes.serviceAccount` must be the name of a service account, got "*". Give a text such as "mail-reports".',
    ],
  });
});

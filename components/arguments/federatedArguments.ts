import * as v from "valibot";

import { federatedSubjectHolders, isWideSubject } from "../../common/federatedSubject.ts";
import { type Cloud, clouds } from "../../microsoft/clouds.ts";
import { type ReportProblem, reportRepeated, show } from "../problems.ts";
import { reportUnknownKeys } from "./argumentKeys.ts";
import {
  type AzurePipelinesConnection,
  azurePipelinesTrust,
  endingIssuer,
} from "./federated/azurePipelines.ts";
import { type GitHubJob, githubTrust } from "./federated/github.ts";
import { type GitLabJob, gitlabTrust } from "./federated/gitlab.ts";
import { issuerOf, maximumLength, subjectOf } from "./federated/issuer.ts";
import { type KubernetesPod, kubernetesTrust } from "./federated/kubernetes.ts";
import type { Trusted } from "./federated/trusted.ts";
import { resolveSwitch } from "./roleArguments.ts";
import { mustBe, parse, parseList, record } from "./shape.ts";

/**
 * A job elsewhere that signs in as the application with the token that its platform gives it, without any key. Say whom it
 * trusts with `issuer` and `subject`, or with one of `github`, `azurePipelines`, `gitlab` and `kubernetes`.
 */
export interface FederatedCredential {
  /**
   * The credential's name: 3 to 120 letters, digits, `_` and `-`, the first a letter or digit. It is part of the name of
   * its resource. If you rename a credential, first remove it in one update, and then add it in the next one.
   */
  readonly name: string;
  /**
   * Who issues the token, exactly as its `iss` has it.
   *
   * @default - that of the platform
   */
  readonly issuer?: string;
  /**
   * Whom the token is about, exactly as its `sub` has it.
   *
   * @default - that of the platform
   */
  readonly subject?: string;
  /**
   * A job of GitHub Actions.
   *
   * @default - none
   */
  readonly github?: GitHubJob;
  /**
   * A service connection of Azure Pipelines.
   *
   * @default - none
   */
  readonly azurePipelines?: AzurePipelinesConnection;
  /**
   * A job of GitLab.
   *
   * @default - none
   */
  readonly gitlab?: GitLabJob;
  /**
   * A pod of Kubernetes.
   *
   * @default - none
   */
  readonly kubernetes?: KubernetesPod;
  /**
   * The audience that the token must have.
   *
   * @default - that of the cloud, such as `api://AzureADTokenExchange`
   */
  readonly audience?: string;
  /**
   * Permits a subject that more than one branch or environment can get, such as those of tags and pull requests.
   *
   * @default false
   */
  readonly allowWideSubject?: boolean;
}

/** A federated credential, as Entra gets it. */
export interface FederatedCredentialSettings extends Trusted {
  readonly name: string;
  readonly audience: string;
}

/** How many an application may have. Source: Microsoft Graph, resource type federatedIdentityCredential. */
const maximumCount = 20;

const path = "federatedCredentials";

const nameProblem = mustBe(
  'have 3 to 120 letters, digits, "_" or "-", and begin with a letter or digit',
  'Give a name such as "github-production".',
);
const Name = v.pipe(v.string(nameProblem), v.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/, nameProblem));

const credentialHint = 'Give { name: "github-production", github: { … } }.';
const Credential = record(mustBe("be an object", credentialHint));

const audienceProblem = mustBe(
  `be a text of 1 to ${maximumLength} characters`,
  "Leave it out to use the cloud's.",
);
const Audience = v.pipe(
  v.string(audienceProblem),
  v.maxLength(maximumLength, audienceProblem),
  v.regex(/^\S+$/, audienceProblem),
);

/** Whom a platform's arguments mean. */
type ResolveTrust = (
  args: Readonly<Record<string, unknown>>,
  path: string,
  report: ReportProblem,
) => Trusted | undefined;

function platformsOf(cloud: Cloud): Readonly<Record<string, ResolveTrust>> {
  return {
    github: githubTrust,
    azurePipelines: (args, at, report) => azurePipelinesTrust(args, cloud, at, report),
    gitlab: gitlabTrust,
    kubernetes: kubernetesTrust,
  };
}

/** Checks the federated credentials, and makes issuer and subject of those that name a platform. */
export function resolveFederatedCredentials(
  value: unknown,
  cloud: Cloud,
  report: ReportProblem,
): readonly FederatedCredentialSettings[] {
  if (value === undefined) return [];
  const credentials =
    parseList(value, path, `[${credentialHint.slice(5, -1)}]`, report, (credential, at) =>
      resolveCredential(credential, cloud, at, report),
    ) ?? [];
  if (credentials.length > maximumCount)
    report(
      path,
      `must have at most ${maximumCount}, got ${credentials.length}: Entra takes no more. Remove some.`,
    );
  reportRepeated(
    credentials.map((credential, index) => credential?.name.toLowerCase() ?? String(index)),
    path,
    "name",
    report,
  );
  reportRepeated(
    credentials.map((credential, index) =>
      credential === undefined ? String(index) : `${credential.issuer} ${credential.subject}`,
    ),
    path,
    "issuer and subject",
    report,
  );
  return credentials.filter((credential) => credential !== undefined);
}

/** What to know of credentials that Entra takes, as sentences. */
export function federatedWarnings(
  credentials: readonly FederatedCredentialSettings[],
  cloud: Cloud,
): readonly string[] {
  return credentials.flatMap((credential) => {
    const ending = endingIssuer(credential, cloud);
    return ending === undefined ? [] : [`Federated credential "${credential.name}" ${ending}`];
  });
}

function resolveCredential(
  given: unknown,
  cloud: Cloud,
  at: string,
  report: ReportProblem,
): FederatedCredentialSettings | undefined {
  const value = parse(Credential, given, at, report);
  if (value === undefined) return undefined;
  reportUnknownKeys(value, `${at}.`, report);
  const name = parse(Name, value["name"], `${at}.name`, report);
  const audience = resolveAudience(value["audience"], cloud, `${at}.audience`, report);
  const isWideAllowed = resolveSwitch(`${at}.allowWideSubject`, value["allowWideSubject"], false, report);
  const trusted = resolveTrust(value, cloud, at, report);
  if (trusted === undefined) return undefined;
  if (!isWideAllowed) reportWideSubject(trusted, at, report);
  return name === undefined || audience === undefined ? undefined : { name, ...trusted, audience };
}

function resolveTrust(
  value: Readonly<Record<string, unknown>>,
  cloud: Cloud,
  at: string,
  report: ReportProblem,
): Trusted | undefined {
  const all = platformsOf(cloud);
  const named = Object.entries(all).filter(([key]) => value[key] !== undefined);
  const isPlain = value["issuer"] !== undefined || value["subject"] !== undefined;
  const [first] = named;
  if (named.length + (isPlain ? 1 : 0) !== 1) {
    report(at, `must have exactly one of ${Object.keys(all).join(", ")}, or \`issuer\` and \`subject\`.`);
    return undefined;
  }
  if (first !== undefined) {
    const [key, resolve] = first;
    const args = parse(Platform, value[key], `${at}.${key}`, report);
    if (args === undefined) return undefined;
    reportUnknownKeys(args, `${at}.${key}.`, report);
    const trusted = resolve(args, `${at}.${key}`, report);
    // A long name of an environment or a branch makes a long subject.
    return trusted && subjectOf(trusted.subject, at, report) === undefined ? undefined : trusted;
  }
  const issuer = issuerOf(value["issuer"], `${at}.issuer`, report);
  const subject = subjectOf(value["subject"], `${at}.subject`, report);
  return issuer === undefined || subject === undefined ? undefined : { issuer, subject };
}

const Platform = record(mustBe("be an object", "The reference lists what it can have."));

function resolveAudience(
  value: unknown,
  cloud: Cloud,
  at: string,
  report: ReportProblem,
): string | undefined {
  const { federatedTokenAudience, title } = clouds[cloud];
  if (value === undefined) return federatedTokenAudience;
  const audience = parse(Audience, value, at, report);
  const others = Object.values(clouds).map((other) => other.federatedTokenAudience);
  if (audience !== undefined && audience !== federatedTokenAudience && others.includes(audience)) {
    report(at, `must be ${show(federatedTokenAudience)} in ${title}, got ${show(audience)}. Leave it out.`);
  }
  return audience;
}

function reportWideSubject({ issuer, subject }: Trusted, at: string, report: ReportProblem): void {
  if (!isWideSubject(subject, undefined, issuer)) return;
  report(
    at,
    `trusts ${show(subject)}: ${federatedSubjectHolders(subject)} could sign in as the application. Trust a branch or an environment, or set \`allowWideSubject\` to true.`,
  );
}

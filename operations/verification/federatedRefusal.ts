import { timeInWords } from "../../common/time.ts";
import type { SignInError } from "../../graph/signInError.ts";
import { type Cloud, clouds } from "../../microsoft/clouds.ts";

/** The refusal of a subject that a credential has in other upper and lower case. */
const otherCase = 7002138;

/**
 * What of a federated token Entra does not find on the application. Source: Microsoft's page "Microsoft Entra
 * authentication and authorization error codes"; the texts are those of github.com/Azure/login#379 and #515.
 */
const mismatches = new Map([
  [700211, "issuer"],
  [700212, "audience"],
  [700213, "subject"],
  [otherCase, "subject"],
]);

/**
 * Explains a federated token that no federated credential of the application fits: the value found, and the one wanted.
 * Undefined for other refusals.
 */
export function federatedRefusal(
  { aadsts, message }: SignInError,
  cloud: Cloud,
): { readonly message: string; readonly remedy: string } | undefined {
  if (aadsts === 70021) return allThree(message);
  const property = mismatches.get(aadsts ?? 0);
  if (property === undefined) return undefined;
  const found = new RegExp(`assertion ${property} '([^']*)'`).exec(message)?.[1];
  const value = found === undefined ? "" : ` "${found}"`;
  const isOtherCase = aadsts === otherCase;
  const credential = isOtherCase
    ? "a federated credential of the application has it in other upper or lower case"
    : "no federated credential of the application has it";
  const remedy = isOtherCase ? setExactly(property, found) : exactRemedy(property, found);
  return {
    message: `The pipeline's token has the ${property}${value}, and ${credential} (AADSTS${aadsts}).`,
    remedy: property === "audience" ? audienceRemedy(cloud) : remedy,
  };
}

/** What to do about a federated token that is too old. */
export const newTokenRemedy =
  "Get a new token right before the command: renew ARM_OIDC_TOKEN or the token's file, or let exo-auth ask the pipeline for it (ARM_USE_OIDC without ARM_OIDC_TOKEN).";

/**
 * Explains a federated token that has ended; undefined for other refusals. Where the job's clock is right, the token is
 * old: platforms give tokens for minutes, and write a token file anew before that.
 */
export function expiredToken({
  aadsts,
  message,
}: SignInError): { readonly message: string; readonly remedy: string } | undefined {
  if (aadsts !== 700024) return undefined;
  const now = /Current time: (\S+?)[,.]? /.exec(message)?.[1];
  const end = /expiry time of assertion (\S+?)\.?(?:\s|$)/.exec(message)?.[1];
  if (now === undefined || end === undefined || !(Date.parse(end) <= Date.parse(now))) return undefined;
  return {
    message: `The job's federated token ended at ${timeInWords(end)}, and Entra's clock reads ${timeInWords(now)} (AADSTS700024).`,
    remedy: newTokenRemedy,
  };
}

/** The older refusal names all three and says of none that it does not fit (github.com/Azure/login#175). */
function allThree(message: string): { readonly message: string; readonly remedy: string } {
  const values = ["Issuer", "Subject", "Audience"].flatMap((name) => {
    const found = new RegExp(`Assertion ${name}: '([^']*)'`).exec(message)?.[1];
    return found === undefined ? [] : [`the ${name.toLowerCase()} "${found}"`];
  });
  const [, subject = ""] = /Assertion Subject: '([^']*)'/.exec(message) ?? [];
  const other = otherGithubSubject(subject);
  const whole = values.length === 0 ? "" : ` has ${values.join(", ")}; it`;
  return {
    message: `The pipeline's token${whole} matches no federated credential of the application (AADSTS70021).`,
    remedy: `Set the credential's issuer, subject and audience to exactly what the token has, including upper and lower case and a slash at the end.${other ? ` ${other}` : ""}`,
  };
}

function audienceRemedy(cloud: Cloud): string {
  const { title, federatedTokenAudience } = clouds[cloud];
  return `In ${title} both the token and the federated credential must have the audience "${federatedTokenAudience}".`;
}

function setExactly(property: string, found: string | undefined): string {
  return `Set the federated credential's ${property} to exactly ${found === undefined ? "what the token has" : `"${found}"`}, including upper and lower case, if that pipeline may sign in.`;
}

function exactRemedy(property: string, found: string | undefined): string {
  const set = setExactly(property, found);
  const other = otherGithubSubject(found ?? "");
  return other === undefined ? set : `${set} ${other}`;
}

/** GitHub's repositories have one of two forms, by when they were made. */
function otherGithubSubject(subject: string): string | undefined {
  const [, owner, repository, rest] = /^repo:([^/:@]+)@\d+\/([^:@]+)@\d+(:.*)/.exec(subject) ?? [];
  if (owner !== undefined) {
    return `A credential with "repo:${owner}/${repository}${rest}" no longer matches. Since 2026-07-15, GitHub puts the IDs of owner and repository into the subject of new, renamed and transferred repositories.`;
  }
  const [, name] = /^repo:([^@:]+):/.exec(subject) ?? [];
  return (
    name &&
    `A credential with IDs (\`repo:OWNER@ID/REPOSITORY@ID\`) does not match this repository: \`gh api repos/${name}/actions/oidc/customization/sub\` shows its prefix.`
  );
}

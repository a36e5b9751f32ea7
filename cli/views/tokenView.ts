import { counted } from "../../common/counted.ts";
import { timeInWords } from "../../common/time.ts";
import { assumedCloud } from "../../operations/verification/problem.ts";
import type { IssuedToken } from "../../operations/token/issueToken.ts";
import type { JobClaims } from "../../operations/token/jobClaims.ts";
import { bad, skipped } from "./marks.ts";

const services = { exchange: "Exchange Online", compliance: "Security & Compliance" } as const;
const refusals = {
  exchange: "Connect-ExchangeOnline refuses it. `exo-auth verify` explains why.",
  compliance:
    "Connect-IPPSSession refuses it. The component grants that of Microsoft Exchange Online Protection if a role opens Security & Compliance.",
} as const;

/** What a person reads beside a token, which itself goes to standard output alone. */
export function tokenNote(
  { expiresAt, service, tenantDomain, permissions, ...signIn }: Omit<IssuedToken, "token">,
  now: Date,
): string {
  const minutes = Math.round((Date.parse(expiresAt) - now.getTime()) / 60_000);
  const lines = [
    `The token is for ${services[service]} in ${tenantDomain}. It is valid until ${timeInWords(expiresAt)}, for ${counted(minutes, "minute")}.`,
  ];
  if (!permissions.includes("Exchange.ManageAsApp")) {
    lines.push(bad(`It does not have Exchange.ManageAsApp, so ${refusals[service]}`));
  }
  const assumed = assumedCloud(signIn);
  if (assumed !== undefined) lines.push(skipped(`The sign-in was ${assumed}.`));
  return `${lines.join("\n")}\n`;
}

/** What a person reads of a job's claims. */
export function jobClaimsView(claims: JobClaims): string {
  const { issuer, subject, audiences, expiresAt, expectedAudience, isWide } = claims;
  const lines = [
    "This job's token says:",
    `  iss  ${issuer}`,
    `  sub  ${subject}`,
    `  aud  ${audiences.join(", ")}`,
    ...(expiresAt === undefined ? [] : [`  It is valid until ${timeInWords(expiresAt)}.`]),
    "",
    "To trust it, a federated credential must have exactly these values, including upper and lower case:",
    `  issuer    ${issuer}`,
    `  subject   ${subject}`,
    `  audience  ${expectedAudience}`,
  ];
  if (!audiences.includes(expectedAudience)) {
    lines.push(
      "",
      bad(
        `Entra refuses the token: its audience must be "${expectedAudience}", got "${audiences.join('", "')}".`,
      ),
      "  Ask the platform for a token with that audience.",
    );
  }
  if (isWide) {
    lines.push(
      "",
      skipped("More than one branch or environment has this subject, so each of them could sign in."),
      "  Let the job run in an environment of its own, and run this again.",
    );
  }
  return `${lines.join("\n")}\n`;
}

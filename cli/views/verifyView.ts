import { styleText } from "node:util";
import { assumedCloud } from "../../operations/verification/problem.ts";
import type { Verification, VerifyResult } from "../../operations/verification/verify.ts";
import { clipped } from "../../common/foreignText.ts";
import { good, bad, skipped } from "./marks.ts";

/** What a person reads of `verify`. */
export function verifyView({ verifications, keyElsewhere, withoutCertificate = [] }: VerifyResult): string {
  const left = keyElsewhere.map((name) =>
    skipped(`${name}: not tried, because its certificate was created elsewhere`),
  );
  const keyless = withoutCertificate.map((name) =>
    skipped(`${name}: not tried, because it has no certificate. In its job, use --from-environment`),
  );
  return `${[...verifications.map(view), ...left, ...keyless].join("\n\n")}\n`;
}

function view(verification: Verification): string {
  const { component, tenantDomain } = verification;
  const title = component === undefined ? tenantDomain : `${component}, ${tenantDomain}`;
  return [styleText("bold", title, { validateStream: false }), ...verificationLines(verification)].join("\n");
}

/** What a person reads of one sign-in. */
export function verificationLines(verification: Verification): readonly string[] {
  const { clientId, problem, permissions, roles } = verification;
  const lines: string[] = [];
  const signedIn = permissions.length > 0 || roles.length > 0 || problem === undefined;
  if (signedIn) {
    lines.push(
      good(`signed in as application ${clientId}${certificate(verification)}`),
      (permissions.length > 0 ? good : bad)(`permissions in the token: ${list(permissions)}`),
      (roles.length > 0 ? good : skipped)(`roles in the token: ${list(roles)}`),
    );
  }
  if (verification.worked !== undefined)
    lines.push(good(`${verification.worked} ran, by a role of Exchange itself`));
  if (verification.unproven !== undefined)
    lines.push(
      skipped(`let in, and no cmdlet is known that it must be able to run: ${list(verification.unproven)}`),
    );
  if (verification.refused !== undefined)
    lines.push(good(`${verification.refused} was refused, as no declared role has it`));
  const { organization, securityAndCompliance } = verification;
  if (organization !== undefined) {
    lines.push(good(`Exchange Online answered for ${organization}`), ...initialDomain(verification));
  }
  if (organization !== undefined || securityAndCompliance !== undefined)
    lines.push(compliance(securityAndCompliance));
  if (problem) lines.push(bad(problem.message), `  ${problem.remedy}`);
  const assumed = assumedCloud(verification);
  if (assumed !== undefined) lines.push(skipped(assumed));
  return lines;
}

/** A token is given for any domain and for the tenant's ID, but `-Organization` takes the initial domain alone. */
function initialDomain({
  component,
  notAfter,
  organization = "",
  tenantDomain,
}: Verification): readonly string[] {
  const isGivenByHand = component === undefined && notAfter !== undefined;
  if (!isGivenByHand || organization.toLowerCase() === tenantDomain.toLowerCase()) return [];
  return [skipped(`Connect-ExchangeOnline takes -Organization ${organization}, not ${tenantDomain}`)];
}

function certificate({ thumbprint, notAfter }: Verification): string {
  return notAfter === undefined
    ? ""
    : ` with certificate ${thumbprint}, valid until ${clipped(notAfter, 10)}`;
}

function compliance(answered: boolean | undefined): string {
  if (answered === undefined) return skipped("Security & Compliance: no role opens it");
  return answered ? good("Security & Compliance answered") : bad("Security & Compliance did not answer");
}

function list(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join(", ");
}

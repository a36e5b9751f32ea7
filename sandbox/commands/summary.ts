import { counted } from "../../common/counted.ts";
import { styleText } from "node:util";

import type { StackOutputs } from "./stackOutputs.ts";

/** What a stack gives, for a person to read. */
export function summary(outputs: StackOutputs, now: Date): string {
  const { appId, thumbprint, tenantDomain, certificateNotAfter, connectExchangeOnline } = outputs;
  const values = {
    AppId: appId,
    Thumbprint: thumbprint,
    "Tenant domain": tenantDomain,
    "Valid for": `${counted(daysUntil(certificateNotAfter, now), "day")}, until ${certificateNotAfter.slice(0, 10)}`,
    "Private key": "a secret of the stack; to print it:",
    "": "npm run --silent sandbox -- pulumi stack output privateKeyPem --show-secrets",
  };
  const rows = Object.entries(values).map(
    ([name, value]) => `  ${styleText("dim", name.padEnd(14))}${value}`,
  );
  return [
    styleText("bold", "Unattended scripts can sign in to Exchange Online:"),
    "",
    ...rows,
    "",
    `  ${styleText("cyan", connectExchangeOnline)}`,
    "",
  ].join("\n");
}

function daysUntil(time: string, now: Date): number {
  return Math.round((Date.parse(time) - now.getTime()) / (24 * 60 * 60 * 1000));
}

import { styleText } from "node:util";

import type { StackOutputs } from "./stackOutputs.ts";

/** What a stack gives, for a person to read. */
export function summary(outputs: StackOutputs): string {
  const { appId, thumbprint, tenantDomain, certificateNotAfter, connectExchangeOnline } = outputs;
  const values = {
    AppId: appId,
    Thumbprint: thumbprint,
    "Tenant domain": tenantDomain,
    "Valid until": certificateNotAfter.slice(0, 10),
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

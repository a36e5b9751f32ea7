import { styleText } from "node:util";
import { counted } from "../../common/counted.ts";
import { timeInWords } from "../../common/time.ts";
import type { DiscoveredApplication, DiscoverResult } from "../../operations/adoption/discover.ts";
import { credentialText, adoptionLines, notReadLines, ownerText } from "../discovery/words.ts";
import { bad, good, skipped } from "./marks.ts";

/** What a person reads of `discover`: a part for each application. */
export function discoverView({ tenantId, applications, notRead }: DiscoverResult): string {
  const parts = applications.map(part);
  const end = [
    `${counted(applications.length, "application")} of tenant ${tenantId} may act on Exchange.`,
    ...notReadLines(notRead).map(skipped),
  ];
  return `${[...parts, end].map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function part(application: DiscoveredApplication): readonly string[] {
  const { displayName, appId, access, credentials, owners, lastSignIn, findings } = application;
  return [
    styleText("bold", `${displayName}, application ID ${appId}`, { validateStream: false }),
    ...access.map((way) => skipped(way)),
    ...credentials.map((one) => (one.isExpired ? bad : good)(credentialText(one))),
    ...owners.map((one) => skipped(ownerText(one))),
    ...(lastSignIn === undefined ? [] : [skipped(`last sign-in ${timeInWords(lastSignIn)}`)]),
    ...findings.map(({ severity, title, found }) => bad(`${severity}: ${title}: ${found}`)),
    ...adoptionLines(application).map(skipped),
  ];
}

import { styleText } from "node:util";
import type { BlockResult } from "../../operations/tenant/block.ts";
import { bad, good, skipped } from "./marks.ts";

/** What a person reads of `revoke --block` and `revoke --unblock`. */
export function blockView(result: BlockResult): string {
  const { component, stack, appId, blocked, before, couldLift, notRead, alsoBlocked } = result;
  const already = blocked === before ? ", as it was before" : "";
  const lines = [
    styleText("bold", `${component}, stack ${stack}`, { validateStream: false }),
    ...(blocked
      ? [
          good(`Blocked: application ${appId}${already}. Nobody gets a token for it`),
          "Tokens that are out live on: in Exchange 60 to 90 minutes, or as long as a token lifetime policy says. Microsoft Graph's, of clients with continuous access evaluation, live longer; disabling the service principal ends these.",
          ...couldLift.map((who) => bad(`Could lift the block: ${who}`)),
          ...notRead.map((what) => skipped(`Not looked at: ${what}`)),
          ...alsoBlocked.map((what) => bad(`Blocked, too: ${what}`)),
        ]
      : [
          good(
            `Not blocked: application ${appId}${already}. Whoever has one of its keys or secrets can sign in`,
          ),
        ]),
  ];
  return `${lines.join("\n")}\n`;
}

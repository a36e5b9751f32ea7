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
          "Tokens that were issued live on: in Exchange for 60 to 90 minutes, or longer if a token lifetime policy says so. Microsoft Graph's tokens for clients with continuous access evaluation live longer. To end these, disable the service principal.",
          ...couldLift.map((who) => bad(`Could lift the block: ${who}`)),
          ...notRead.map((what) => skipped(`Not read: ${what}`)),
          ...alsoBlocked.map((what) => bad(`Blocked, too: ${what}`)),
        ]
      : [
          good(
            `Not blocked: application ${appId}${already}. Everyone who has one of its keys or secrets can sign in`,
          ),
        ]),
  ];
  return `${lines.join("\n")}\n`;
}

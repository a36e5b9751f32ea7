import { styleText } from "node:util";
import type { RevokeResult } from "../../operations/rotation/revoke.ts";
import { bad, good } from "./marks.ts";
import { verificationLines } from "./verifyView.ts";

/** What a person reads of `revoke`. */
export function revokeView(result: RevokeResult): string {
  const { component, stack, generation, thumbprint, revoked, current, tokensEnd, verification, toDo } =
    result;
  const certificate = `generation ${generation}, certificate ${thumbprint}`;
  const lines = [
    styleText("bold", `${component}, stack ${stack}`, { validateStream: false }),
    ...(verification ? verificationLines(verification) : []),
    revoked ? good(`Revoked: ${certificate}`) : bad(`Not revoked, still valid: ${certificate}`),
    ...(revoked ? [good(`The current generation is ${current}`)] : []),
    ...(tokensEnd === undefined
      ? []
      : [
          `Entra takes minutes to forget it everywhere, and tokens that were got with it before stay valid until about ${tokensEnd}: nothing recalls them. Look into the sign-in log for what was done with it.`,
        ]),
    ...(toDo === undefined ? [] : [toDo]),
  ];
  return `${lines.join("\n")}\n`;
}

import { timeInWords } from "../../common/time.ts";
import { counted } from "../../common/counted.ts";
import { styleText } from "node:util";
import type { RevocationProof } from "../../operations/rotation/proveRevocation.ts";
import type { RevokeResult } from "../../operations/rotation/revoke.ts";
import { bad, good, skipped } from "./marks.ts";
import { verificationLines } from "./verifyView.ts";

/** What a person reads of `revoke`. */
export function revokeView(result: RevokeResult): string {
  const { component, stack, current, verification, toDo, proof } = result;
  const lines = [
    styleText("bold", `${component}, stack ${stack}`, { validateStream: false }),
    ...(verification ? verificationLines(verification) : []),
    ...(proof ? removalLines(result, proof) : [bad(`Nothing was removed: ${certificate(result)}`)]),
    ...(proof
      ? [good(`The current generation is ${current}`), ...tokenLines(result), ...leftLines(result)]
      : []),
    ...(toDo === undefined ? [] : [toDo]),
  ];
  return `${lines.join("\n")}\n`;
}

function certificate({ generation, thumbprint }: RevokeResult): string {
  return `generation ${generation}, certificate ${thumbprint}`;
}

function removalLines(result: RevokeResult, proof: RevocationProof): readonly string[] {
  const { removed = [], putBack = [], keyId, sameKey = [] } = result;
  const others = removed.filter((copy) => copy.keyId !== keyId);
  return [
    headline(result, proof),
    ...sameKey.map((name) => bad(`Generation ${name} had the same private key, and left with it`)),
    ...others.map((copy) =>
      bad(`Removed, too, because it is of the same certificate or key: ${place(copy)}`),
    ),
    ...putBack.map((copy) =>
      bad(`Somebody else's credential vanished with it, and was put back: ${place(copy)}`),
    ),
    ...proof.hidden.map((copy) =>
      skipped(`This can be the same certificate, because its bytes could not be read: ${place(copy)}`),
    ),
  ];
}

function headline(result: RevokeResult, { by, answer, copies, attempts, reason }: RevocationProof): string {
  const what = certificate(result);
  if (copies.length > 0)
    return bad(`Not revoked, the tenant still lists it: ${copies.map(place).join("; ")}; ${what}`);
  if (by === "read") {
    return good(
      `Revoked: ${what}. The tenant no longer lists it. No sign-in was tried, because ${reason ?? "a sign-in is not possible"}`,
    );
  }
  if (answer === "accepted") {
    return bad(
      `Removed, and still accepted by some server after ${counted(attempts ?? 1, "sign-in")}: ${what}. Wait some minutes, and run this again. Until then, \`exo-auth revoke --block --yes\` stops every sign-in`,
    );
  }
  if (answer === "unclear") {
    return bad(
      `Removed, and not proven: ${what}. The tenant no longer lists it, but the sign-in with it was refused for another reason: ${reason}`,
    );
  }
  return good(`Revoked: ${what}. Entra refused it three times in a row`);
}

function tokenLines({ tokensEnd }: RevokeResult): readonly string[] {
  if (tokensEnd === undefined) return [];
  return [
    `Tokens that were issued for it live on until about ${timeInWords(tokensEnd)}, or longer if a token lifetime policy says so. Exchange accepts them until then, and nothing recalls them. Look into the sign-in log for what was done with it.`,
  ];
}

function leftLines({ left = [], notLookedAt = [] }: RevokeResult): readonly string[] {
  return [
    ...left.map(({ severity, title, found }) => bad(`Not declared, ${severity}: ${title}: ${found}`)),
    ...(left.length > 0
      ? ["The attacker may have left these. `exo-auth audit` says what to do about each."]
      : []),
    ...notLookedAt.map(({ check, reason }) => skipped(`Not read: ${check}: ${reason}`)),
    ...(left.length === 0 && notLookedAt.length === 0
      ? [good("No access that the stack does not declare")]
      : []),
  ];
}

function place({ holder, keyId }: { readonly holder: string; readonly keyId: string }): string {
  return `key ${keyId} on the ${holder === "application" ? "application" : "service principal"}`;
}

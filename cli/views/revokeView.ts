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
  const { removed = [], putBack = [], keyId } = result;
  const others = removed.filter((copy) => copy.keyId !== keyId);
  return [
    headline(result, proof),
    ...others.map((copy) => bad(`The same certificate was there again, removed: ${place(copy)}`)),
    ...putBack.map((copy) => bad(`Somebody else's credential went along with it, put back: ${place(copy)}`)),
    ...proof.hidden.map((copy) =>
      skipped(`May be the same certificate, its bytes could not be read: ${place(copy)}`),
    ),
  ];
}

function headline(result: RevokeResult, { by, answer, copies, attempts, reason }: RevocationProof): string {
  const what = certificate(result);
  if (copies.length > 0)
    return bad(`Not revoked, the tenant still lists it: ${copies.map(place).join("; ")}; ${what}`);
  if (by === "read") {
    return good(
      `Revoked: ${what}. The tenant lists it no more; no sign-in was tried, as ${reason ?? "none can be"}`,
    );
  }
  if (answer === "accepted") {
    return bad(
      `Removed, and still accepted by some server after ${counted(attempts ?? 1, "sign-in")}: ${what}. Wait some minutes, and run this again; \`exo-auth revoke --block --yes\` cuts everybody off until then`,
    );
  }
  if (answer === "unclear") {
    return bad(
      `Removed, and not proven: ${what}. The tenant lists it no more, but the sign-in with it was refused for another reason: ${reason}`,
    );
  }
  return good(`Revoked: ${what}. Entra refused it three times in a row`);
}

function tokenLines({ tokensEnd }: RevokeResult): readonly string[] {
  if (tokensEnd === undefined) return [];
  return [
    `Tokens that were got with it before live on until about ${tokensEnd}, longer where a token lifetime policy says so; Exchange takes them until then, and nothing recalls them. Look into the sign-in log for what was done with it.`,
  ];
}

function leftLines({ left = [], notLookedAt = [] }: RevokeResult): readonly string[] {
  return [
    ...left.map(({ severity, title, found }) => bad(`Not declared, ${severity}: ${title}: ${found}`)),
    ...(left.length > 0 ? ["A thief may have left these. `exo-auth audit` says what to do about each."] : []),
    ...notLookedAt.map(({ check, reason }) => skipped(`Not looked at: ${check}: ${reason}`)),
    ...(left.length === 0 && notLookedAt.length === 0 ? [good("Nothing undeclared grants access")] : []),
  ];
}

function place({ holder, keyId }: { readonly holder: string; readonly keyId: string }): string {
  return `key ${keyId} on the ${holder === "application" ? "application" : "service principal"}`;
}

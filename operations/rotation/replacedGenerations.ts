import { Failure } from "../../common/failure.ts";
import { shellArgument } from "../../common/shellArgument.ts";
import type { Generation } from "../../stack/components.ts";

/** A generation, as far as its certificate tells it from another. */
export type CertificateOf = Pick<
  Generation,
  "generation" | "thumbprint" | "certificateNotAfter" | "privateKeyPem"
>;

/**
 * Refuses an update that replaced the certificate of a generation that stays, as `preflight` does before one: whoever can
 * write the state can put their own key there. One that had ended is replaced by its plugin, and one that was made elsewhere by the
 * program.
 *
 * @throws Failure
 */
export function requireKept(
  before: readonly CertificateOf[],
  after: readonly CertificateOf[],
  now: Date,
): void {
  for (const { generation, thumbprint, certificateNotAfter } of before) {
    const kept = after.find((one) => one.generation === generation);
    if (kept === undefined || kept.thumbprint === thumbprint) continue;
    if (kept.privateKeyPem === undefined) continue;
    if (Date.parse(certificateNotAfter) <= now.getTime()) continue;
    throw new Failure(
      "EXO_AUTH_CERTIFICATE",
      `The update replaced the certificate of generation "${generation}", ${thumbprint}, by ${kept.thumbprint}. A generation keeps its certificate, so somebody changed the state, and may have put their own key into it. Run \`exo-auth revoke --generation ${shellArgument(generation, "NAME")} --yes\`, compare the state with an older version, and find out who can write it.`,
    );
  }
}

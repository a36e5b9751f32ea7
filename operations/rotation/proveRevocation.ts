import { lookAgain } from "../../common/lookAgain.ts";
import { resolveEndpoints } from "../../graph/endpoints.ts";
import { componentTarget } from "../verification/target.ts";
import { type CertificateCopy, findCopies, removeCopies } from "./certificateCopies.ts";
import { proveRefusal, tryKey } from "./refusedKey.ts";
import type { RevocationRun } from "./takeAway.ts";

/** How the tenant shows that a removed certificate is refused. */
export interface RevocationProof {
  /**
   * `signIn`: a sign-in with it was tried. `read`: the tenant's lists alone say so, where no sign-in can: the private key
   * is elsewhere, the certificate is outside its validity, or the application is blocked.
   */
  readonly by: "signIn" | "read";
  /** Copies that the lists still show. */
  readonly copies: readonly CertificateCopy[];
  /** Key credentials whose bytes Graph did not give, so that they may be copies. */
  readonly hidden: readonly CertificateCopy[];
  /** What the sign-ins came to: `refused` three times in a row, or what the last one said when the time was over. */
  readonly answer?: "refused" | "accepted" | "unclear";
  readonly attempts?: number;
  /** Why the last sign-in says nothing about the key, or why there was none. */
  readonly reason?: string;
}

/** What a proof needs of a revocation under way. */
export interface RemovedCertificate extends Pick<
  RevocationRun,
  "stolen" | "waitMs" | "pause" | "progress" | "env" | "signal" | "now"
> {
  readonly subject: Pick<RevocationRun["subject"], "component">;
  readonly tenant: Pick<RevocationRun["tenant"], "application">;
}

/** Reads the tenant's lists, removes what came back, and signs in with the removed key until it is refused. */
export async function proveRevocation(run: RemovedCertificate, isBlocked: boolean): Promise<RevocationProof> {
  const { stolen, subject, env, signal } = run;
  const lists = await readUntilGone(run);
  const reason = withoutSignIn(run, isBlocked);
  if (reason !== undefined) return { by: "read", ...lists, reason };
  const endpoints = await resolveEndpoints(subject.component.cloud, env);
  const { identity } = componentTarget(subject.component, stolen);
  return {
    by: "signIn",
    ...lists,
    ...(await proveRefusal(() => tryKey(identity, endpoints, signal), run)),
  };
}

/** A server may still list what is gone; and whoever has the key may have added it again. */
async function readUntilGone({ tenant, subject, stolen, waitMs, pause, progress }: RemovedCertificate) {
  const { application } = tenant;
  return lookAgain({
    look: async (attempt) => {
      if (attempt > 1) await removeCopies(application, subject.component, stolen);
      return findCopies(application, subject.component, stolen);
    },
    remaining: ({ copies }, waited) => (copies.length === 0 ? 0 : waitMs - waited),
    waiting: (left) =>
      progress(`The tenant still lists it. Looking again for ${Math.ceil(left / 1000)} s more …`),
    pause,
  });
}

function withoutSignIn({ stolen, now }: RemovedCertificate, isBlocked: boolean): string | undefined {
  const { privateKeyPem, certificateNotBefore, certificateNotAfter } = stolen;
  const time = now().getTime();
  if (isBlocked) return "the application is blocked";
  if (privateKeyPem === undefined) return "its private key is elsewhere";
  if (time > Date.parse(certificateNotAfter) || time < Date.parse(certificateNotBefore))
    return "it is outside its validity";
  return undefined;
}

import type { Problem, SignInTarget } from "./problem.ts";

/** What is told of a refusal that no wait heals. */
type Told = Pick<Problem, "message" | "remedy">;

/**
 * Refusals whose number says it all, whatever their cause is called.
 *
 * Source: Microsoft's page "Microsoft Entra authentication and authorization error codes".
 */
const refusals: ReadonlyMap<number, (target: SignInTarget, code: string) => Told> = new Map([
  [
    // github.com/MicrosoftDocs/azure-docs/issues/116275
    70023,
    (_, code) => ({
      message: `The federated token is valid for longer than Entra accepts, which is 25 hours (${code}).`,
      remedy:
        "Get one that ends earlier. In Kubernetes, project a token of the service account with `expirationSeconds` and Entra's audience, instead of the one below /var/run/secrets/kubernetes.io.",
    }),
  ],
  [
    500014,
    ({ tenantDomain }, code) => ({
      message: `Exchange Online is disabled in tenant ${tenantDomain} (${code}): a subscription has lapsed, or an administrator has disabled its service principal.`,
      remedy:
        "Renew the license, or enable the service principal of Exchange Online: Microsoft Entra admin center, Enterprise apps, Properties.",
    }),
  ],
  [
    5000225,
    ({ tenantId }, code) => ({
      message: `Microsoft has blocked tenant ${tenantId} because nobody used it (${code}).`,
      remedy:
        "An administrator of the tenant must ask Microsoft's support to lift the block within 20 days. Microsoft deletes the tenant then.",
    }),
  ],
  [
    530035,
    ({ clientId, tenantDomain }, code) => ({
      message: `The security defaults of tenant ${tenantDomain} block the sign-in of application ${clientId} (${code}).`,
      remedy:
        "Entra's sign-in log (Service principal sign-ins) says why it seems unsafe. Sign in from elsewhere, or ask an administrator to replace the security defaults with Conditional Access policies.",
    }),
  ],
  [
    700030,
    ({ clientId, thumbprint }, code) => ({
      message: `Entra accepts a certificate of application ${clientId} by its subject and issuer, but the subject of certificate ${thumbprint} is not among those (${code}).`,
      remedy:
        "Sign in with a certificate that is on the application itself: add a generation, and run `pulumi up`. Or ask for this certificate's subject name to be allowed.",
    }),
  ],
  [
    7000215,
    ({ clientId }, code) => ({
      message: `Application ${clientId} has no such client secret (${code}).`,
      remedy:
        "Give the secret's value, not its ID. Entra shows the value only once, when the secret is created.",
    }),
  ],
  [
    7000222,
    ({ clientId }, code) => ({
      message: `The client secret of application ${clientId} has ended (${code}).`,
      remedy: "Create another one, or sign in with a federated token or a certificate (docs/deployer.md).",
    }),
  ],
] satisfies [number, (target: SignInTarget, code: string) => Told][]);

/** What a refusal says by its number alone; undefined for all others. */
export function plainRefusal(aadsts: number | undefined, target: SignInTarget): Told | undefined {
  return refusals.get(aadsts ?? 0)?.(target, `AADSTS${aadsts}`);
}

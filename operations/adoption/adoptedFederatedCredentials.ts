import { resolveFederatedCredentials } from "../../components/arguments/federatedArguments.ts";
import type { FederatedCredential } from "../../graph/objects.ts";
import type { Cloud } from "../../microsoft/clouds.ts";
import type { FoundApplication } from "./readFound.ts";
import type { Undeclared } from "./undeclared.ts";

/** An entry of `federatedCredentials`, as the settings have it. */
export interface AdoptedFederatedCredential {
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  /** Absent where it is the cloud's. */
  readonly audience?: string;
  /** Absent where only one branch or environment can get the subject. */
  readonly allowWideSubject?: true;
}

/** The federated credentials of an application, as the component declares them where it can. */
export function adoptedFederatedCredentials(
  { federatedCredentials }: Pick<FoundApplication, "federatedCredentials">,
  cloud: Cloud,
): { readonly declared: readonly AdoptedFederatedCredential[]; readonly undeclared: readonly Undeclared[] } {
  const read = federatedCredentials.map((credential) => ({
    credential,
    declared: declaredAs(credential, cloud),
  }));
  return {
    declared: read.flatMap(({ declared }) => declared ?? []),
    undeclared: read
      .filter(({ declared }) => declared === undefined)
      .map(({ credential: { name, subject, issuer } }) => ({
        title: `federated credential "${name}" for ${subject ?? "an expression"} of ${issuer}, which the component cannot declare as it is`,
        choice: "accept it in .exo-auth, or replace it by one of `federatedCredentials`, and remove it",
      })),
  };
}

function declaredAs(
  { name, issuer, subject, audiences, claimsMatchingExpression }: FederatedCredential,
  cloud: Cloud,
): AdoptedFederatedCredential | undefined {
  const [audience, ...others] = audiences;
  if (!subject || claimsMatchingExpression || audience === undefined || others.length > 0) return undefined;
  const plain = { name, issuer, subject };
  const exact = { ...plain, audience };
  return [
    plain,
    exact,
    { ...plain, allowWideSubject: true as const },
    { ...exact, allowWideSubject: true as const },
  ].find((entry) => {
    const problems: string[] = [];
    const [made] = resolveFederatedCredentials([entry], cloud, (_, problem) => problems.push(problem));
    return (
      problems.length === 0 &&
      made !== undefined &&
      made.issuer === issuer &&
      made.subject === subject &&
      made.audience === audience
    );
  });
}

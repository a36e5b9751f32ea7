import * as v from "valibot";
import type { FederatedCredential } from "../../graph/objects.ts";
import type { Properties } from "../../stack/values.ts";

/** Whom a federated credential trusts, and nothing besides: to be compared, letter by letter. */
export function trustKey({
  name,
  issuer,
  subject,
  audiences,
  claimsMatchingExpression,
}: Omit<FederatedCredential, "id">): string {
  return JSON.stringify([name, issuer, subject ?? "", audiences, claimsMatchingExpression?.value ?? ""]);
}

/** A federated credential as a program declares it; undefined where something of it is not known yet. */
export function declaredCredential(inputs: Properties): Omit<FederatedCredential, "id"> | undefined {
  const { success, output } = v.safeParse(Declared, inputs);
  return success ? { ...output, name: output.displayName } : undefined;
}

const Declared = v.object({
  displayName: v.string(),
  issuer: v.string(),
  subject: v.string(),
  audiences: v.array(v.string()),
});

import { identitiesOf } from "./identities.ts";
import type { TenantSeed } from "../tenant/index.ts";

/** What each identity of the built-in tenant may do. */
const rights: Readonly<Record<string, string>> = {
  operator: "what every command of exo-auth needs",
  deployer: "what a deployment needs, and no more",
  exchange: "what exo-auth grant needs in Exchange, and nothing in Entra",
  reader: "what reading needs, such as exo-auth audit",
};

/** The identities of a tenant, the one that commands sign in as first, for a person to read. */
export function identityTable(seed: TenantSeed): string {
  return identitiesOf(seed)
    .map(({ name, clientId }) => `  ${name.padEnd(10)}${clientId}  ${rights[name] ?? ""}`.trimEnd())
    .join("\n");
}

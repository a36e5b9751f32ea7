import { SandboxError } from "../sandboxError.ts";
import type { TenantSeed } from "../tenant/index.ts";
import type { Deployer } from "../workspace/environment.ts";

/** An identity with the name that `--as` knows it by. */
export interface NamedIdentity extends Deployer {
  readonly name: string;
}

/** The identities of a tenant, the one first that commands sign in as: the operator, or the deployer where there is none. */
export function identitiesOf({ tenantId, deployer, identities = [] }: TenantSeed): readonly NamedIdentity[] {
  const all = [{ ...deployer, name: "deployer" }, ...identities];
  return all
    .toSorted((one, other) => Number(other.name === "operator") - Number(one.name === "operator"))
    .map(({ name, clientId, clientSecret }) => ({ name, tenantId, clientId, clientSecret }));
}

/** Whom a command signs in as: the identity of that name, or the first. @throws SandboxError */
export function identityOf(seed: TenantSeed, name: string | undefined): NamedIdentity {
  const all = identitiesOf(seed);
  const found = name === undefined ? all[0] : all.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw new SandboxError(
    `--as must be one of ${all.map((one) => one.name).join(", ")}, got "${name ?? ""}".`,
  );
}

import { Failure } from "../../common/failure.ts";
import type { Configuration } from "../../stack/configuration.ts";

/** Who signs in to a stack's tenant, and what the stack says of it. */
export interface StackIdentity {
  /** The environment that signs in there. */
  readonly env: NodeJS.ProcessEnv;
  /** `expectedTenantId`; absent where the stack names none. */
  readonly expectedTenantId?: string;
  /** The identities of the stack's pipelines that an audit looks at, too. */
  readonly identities: readonly string[];
}

/** Whether a setting says who signs in, or where. */
export function isIdentitySetting(key: string): boolean {
  return ["pipeline:reader", "pipeline:deployer"].includes(key) || isExpectedTenant(key);
}

/**
 * The identity of one stack of many: the `pipeline:reader` or `pipeline:deployer` of its settings, else the one that the
 * environment names, in the tenant that `expectedTenantId` names.
 *
 * @throws Failure where that tenant is not known, but the identity is, or where the settings name several
 */
export function identityOfStack(
  settings: Configuration,
  env: NodeJS.ProcessEnv,
  role: "reader" | "deployer",
): StackIdentity {
  const expectedTenantId = expectedTenantOf(settings);
  const reader = settings["pipeline:reader"]?.value;
  const deployer = settings["pipeline:deployer"]?.value;
  const clientId = settings[`pipeline:${role}`]?.value;
  if (clientId !== undefined && expectedTenantId === undefined) {
    throw new Failure(
      "EXO_AUTH_USAGE",
      `The stack's settings have \`pipeline:${role}\`, but no \`expectedTenantId\`, so nobody knows where it signs in. Set it: pulumi config set expectedTenantId TENANT-ID.`,
    );
  }
  return {
    env: {
      ...env,
      ...(expectedTenantId !== undefined && { ARM_TENANT_ID: expectedTenantId }),
      ...(clientId !== undefined && { ARM_CLIENT_ID: clientId }),
    },
    ...(expectedTenantId !== undefined && { expectedTenantId }),
    identities: [deployer, reader].filter((one) => one !== undefined),
  };
}

/** Programs have it under their project's name, or under that of the package. */
function isExpectedTenant(key: string): boolean {
  return key.endsWith(":expectedTenantId");
}

/** Empty is what Pulumi.yaml has for none. */
function expectedTenantOf(settings: Configuration): string | undefined {
  const given = Object.entries(settings).filter(([key, { value }]) => isExpectedTenant(key) && value !== "");
  const [tenantId, ...others] = new Set(given.flatMap(([, { value }]) => value?.toLowerCase() ?? []));
  if (others.length === 0) return tenantId;
  throw new Failure(
    "EXO_AUTH_USAGE",
    `The stack's settings name several tenants: ${given.map(([key, { value }]) => `${key} is "${value}"`).join(", ")}. Keep one.`,
  );
}

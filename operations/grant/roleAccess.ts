import { usageFailure } from "../../common/failure.ts";
import type { Endpoints } from "../../graph/endpoints.ts";
import { createComplianceClient, createExchangeClient, type ExchangeClient } from "../../graph/exchange.ts";
import {
  createRoleReader,
  type RoleCommand,
  type RoleReader,
  runRoleCommand,
} from "../../graph/exchangeRoles.ts";
import type { RequestLimit } from "../../graph/requestLimit.ts";
import { sharedCredential } from "../../graph/sharedCredential.ts";
import type { ApplicationIdentity, Identity } from "../../graph/signIn.ts";
import type { PublicComponent } from "../../stack/components.ts";
import type { RoleService } from "./declaredRoles.ts";

/** A way to read and change who may do what in one service. */
export interface RoleAccess {
  readonly reader: RoleReader;
  /** @throws ApiError, SignInError */
  readonly run: (command: RoleCommand) => Promise<void>;
}

/** How to get there. */
export interface RoleAccessOptions {
  readonly identity: ApplicationIdentity;
  readonly endpoints: Endpoints;
  readonly signal: AbortSignal;
  readonly retryDelayMs?: number;
  /** How fast Exchange may be asked. @default as fast as it answers */
  readonly limit?: RequestLimit | undefined;
}

/** Opens one service of a component's tenant. Nothing is asked yet. */
export function roleAccess(
  { tenantId, tenantDomain }: Pick<PublicComponent, "tenantId" | "tenantDomain">,
  service: RoleService,
  { identity, endpoints, ...options }: RoleAccessOptions,
): RoleAccess {
  const create = service === "exchangeOnline" ? createExchangeClient : createComplianceClient;
  const client: ExchangeClient = create({
    ...options,
    credential: sharedCredential(identity, tenantId, endpoints),
    endpoint: endpoints[service],
    tenant: { tenantId, initialDomain: tenantDomain },
  });
  return { reader: createRoleReader(client), run: (command) => runRoleCommand(client, command) };
}

/** The identity as an application: the Azure CLI has no token with which a person could change Exchange. @throws Failure */
export function requireApplicationIdentity(identity: Identity): ApplicationIdentity {
  if (identity.kind !== "azureCli") return identity;
  throw usageFailure(
    "The environment names no application that may change Exchange. Set ARM_CLIENT_ID and its certificate, secret or federated token, or run `exo-auth grant --print`, and let an administrator run what it prints.",
  );
}

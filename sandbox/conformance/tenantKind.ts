import type { Cloud } from "../../microsoft/clouds.ts";
import { readClaims } from "../../graph/accessToken.ts";
import { graphRoutes } from "../tenant/graph/routes.ts";
import { microsoftAppIds } from "../tenant/catalogue/microsoftServicePrincipals.ts";
import { isJsonObject, textOf, type JsonObject } from "../tenant/json.ts";
import type { TenantKind } from "./conformanceCase.ts";
import * as own from "./fixtures.ts";
import { NotPrepared, type Workplace } from "./workplace.ts";

/** What a run finds out about a tenant before anything else. */
export interface Discovered {
  readonly kind: TenantKind;
  /** Names and domains of the tenant and the person, which no document may have. */
  readonly names: readonly string[];
}

/** Looks what kind of tenant it is, and gives its names labels. Creates an application if it may. */
export async function discoverTenant(
  workplace: Workplace,
  cloud: Cloud,
  { readsOnly }: { readonly readsOnly: boolean },
): Promise<Discovered> {
  const [organization = {}] = own.items(await workplace.graph("GET", "/v1.0/organization"));
  const names = [
    textOf(organization.displayName),
    ...listOf(organization.verifiedDomains).map(({ name }) => textOf(name ?? null)),
    ...(await personOf(workplace)),
  ].filter((name) => name !== "");
  for (const name of names) workplace.labels.add(name, name.includes(".") ? "domain" : "name");
  const filter = encodeURIComponent(`appId eq '${microsoftAppIds.exchangeOnlineProtection}'`);
  const protection = await workplace.graph("GET", `/v1.0/servicePrincipals?$filter=${filter}&$select=id`);
  const eligible = await workplace.graph(
    "GET",
    "/v1.0/roleManagement/directory/roleEligibilitySchedules?$top=1",
  );
  const kind = {
    cloud,
    exchange: listOf(organization.assignedPlans).some(
      ({ service, capabilityStatus }) => service === "exchange" && capabilityStatus === "Enabled",
    ),
    exchangeOnlineProtection: own.items(protection).length > 0,
    entraIdP2: eligible.status === 200,
    appInstanceLock: readsOnly ? false : await locksByDefault(workplace),
  };
  return { kind, names: [...names, ...names.flatMap(wordsOf)] };
}

/** The parts of a name or a domain that name a tenant too, but are no labels: they can be words of everybody's. */
function wordsOf(name: string): readonly string[] {
  return name
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 3 && !everybodys.includes(word));
}

/** What routes, and domains of every tenant, are called. */
const everybodys =
  `${graphRoutes.map(({ path }) => path).join(" ")} onmicrosoft partner onmschina`.toLowerCase();

/** What the person is called. */
async function personOf({ options: { target } }: Workplace): Promise<readonly string[]> {
  const claims = claimsOf(await target.token());
  return [claims?.upn, claims?.unique_name, claims?.oid, claims?.appid].filter(
    (claim) => claim !== undefined,
  );
}

/** Undefined for a token of another server's own form. */
function claimsOf(token: string): ReturnType<typeof readClaims> | undefined {
  try {
    return readClaims(token);
  } catch {
    return undefined;
  }
}

async function locksByDefault(workplace: Workplace): Promise<boolean> {
  const id = await own.plain(workplace).then(
    (plain) => plain.id,
    (error: unknown) => {
      if (error instanceof NotPrepared) return undefined;
      throw error;
    },
  );
  if (id === undefined) return false;
  const { body } = await workplace.graph(
    "GET",
    `/v1.0/applications/${id}?$select=servicePrincipalLockConfiguration`,
  );
  const lock = isJsonObject(body) ? body.servicePrincipalLockConfiguration : undefined;
  return isJsonObject(lock) && lock.isEnabled === true;
}

function listOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

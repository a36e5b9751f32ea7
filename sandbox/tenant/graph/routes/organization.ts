import { resourceNotFound } from "../errors.ts";
import type { JsonObject } from "../../json.ts";
import { organizationType, subscribedSkuType } from "../../model/organization.ts";
import { checkBody } from "../../model/checkBody.ts";
import { initialValues } from "../../model/entityType.ts";
import { collection, entity } from "../reply.ts";
import { noContent, type GraphRoute } from "../route.ts";
import type { TenantState } from "../../state.ts";
import { directoryReaders } from "./permissions.ts";
import { idOf } from "./references.ts";

const reading = {
  permissions: [
    "Organization.Read.All",
    "Organization.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "User.Read.All",
  ],
  directoryRoles: directoryReaders,
};

/** The organization and its licences. */
export const organizationRoutes: readonly GraphRoute[] = [
  {
    ...reading,
    type: organizationType,
    method: "GET",
    path: "/organization",
    title: "List the organization",
    query: ["$select"],
    handle: (request) => collection(request, organizationType, [presentOrganization(request.tenant)]),
  },
  {
    ...reading,
    type: organizationType,
    method: "GET",
    path: "/organization/:id",
    title: "Read the organization",
    query: ["$select"],
    handle: (request) => {
      if (idOf(request) !== request.tenant.id) throw resourceNotFound(idOf(request));
      return entity(request, organizationType, presentOrganization(request.tenant));
    },
  },
  {
    type: organizationType,
    permissions: ["Organization.ReadWrite.All"],
    method: "PATCH",
    path: "/organization/:id",
    title: "Update the organization",
    takesBody: true,
    handle: (request) => {
      const { tenant } = request;
      if (idOf(request) !== tenant.id) throw resourceNotFound(idOf(request));
      const current = presentOrganization(tenant);
      const { properties } = checkBody(request.body, organizationType, organizationType.properties, current);
      tenant.organization = { ...tenant.organization, ...properties };
      return noContent;
    },
  },
  {
    ...reading,
    permissions: [
      "LicenseAssignment.Read.All",
      ...reading.permissions.filter((permission) => permission !== "User.Read.All"),
    ],
    type: subscribedSkuType,
    method: "GET",
    path: "/subscribedSkus",
    title: "List licenses",
    query: ["$select"],
    handle: (request) =>
      collection(
        request,
        subscribedSkuType,
        request.tenant.exchangeLicensed ? [presentSku(request.tenant)] : [],
      ),
  },
];

function presentOrganization(tenant: TenantState): JsonObject {
  return {
    ...initialValues(organizationType.properties),
    ...tenant.organization,
    id: tenant.id,
    createdDateTime: tenant.createdDateTime,
    displayName: tenant.displayName,
    tenantType: "AAD",
    assignedPlans: tenant.exchangeLicensed
      ? [
          {
            assignedDateTime: tenant.createdDateTime,
            capabilityStatus: "Enabled",
            service: "exchange",
            servicePlanId: exchangePlanId,
          },
        ]
      : [],
    verifiedDomains: [...tenant.domains.values()].map((domain) => ({
      capabilities: tenant.exchangeLicensed ? "Email, OfficeCommunicationsOnline" : "",
      isDefault: domain.isDefault ?? false,
      isInitial: domain.isInitial ?? false,
      name: domain.id,
      type: "Managed",
    })),
  };
}

/** Office 365 E3 and its Exchange Online (Plan 2), by "Product names and service plan identifiers for licensing". */
const officeE3Id = "6fd2c87f-b296-42f0-b197-1e91e994b900";
const exchangePlanId = "efb87545-963c-4e0d-99df-69c6916d9eb0";

function presentSku(tenant: TenantState): JsonObject {
  return {
    id: `${tenant.id}_${officeE3Id}`,
    accountId: tenant.id,
    accountName: tenant.initialDomain.split(".")[0] ?? null,
    appliesTo: "User",
    capabilityStatus: "Enabled",
    consumedUnits: tenant.users.size,
    prepaidUnits: { enabled: 25, suspended: 0, warning: 0, lockedOut: 0 },
    servicePlans: [
      {
        servicePlanId: exchangePlanId,
        servicePlanName: "EXCHANGE_S_ENTERPRISE",
        provisioningStatus: "Success",
        appliesTo: "User",
      },
    ],
    skuId: officeE3Id,
    skuPartNumber: "ENTERPRISEPACK",
    subscriptionIds: [],
  };
}

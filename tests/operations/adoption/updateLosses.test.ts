import { expect, test } from "vitest";
import type { FoundApplication } from "../../../operations/adoption/readFound.ts";
import { updateLosses } from "../../../operations/adoption/updateLosses.ts";
import { wellKnownResources } from "../../../microsoft/permissions.ts";

const graph = wellKnownResources["MicrosoftGraph"]!;
const other = "11111111-1111-4111-8111-111111111111";

function granted(resourceAppId: string, resourceName: string) {
  const resource = { resourceId: resourceName, resourceAppId, resourceName };
  return {
    id: resourceName,
    appRoleId: `role of ${resourceName}`,
    value: "Mail.Read",
    isOffered: true,
    ...resource,
  };
}

test("a permission is kept of the service that the settings name, and not another service's of that value", () => {
  const permissions = [granted(graph, "Graph"), granted(other, "Another")];
  const object = { id: "object", appId: "app", displayName: "Jobs" };
  const found: FoundApplication = {
    servicePrincipal: { ...object, keyCredentials: [], passwordCredentials: [] },
    application: {
      ...object,
      keyCredentials: [],
      passwordCredentials: [],
      requiredResourceAccess: permissions.map(({ resourceAppId, appRoleId }) => ({
        resourceAppId,
        resourceAccess: [{ id: appRoleId, type: "Role" }],
      })),
    },
    keyCredentials: [],
    applicationOwners: [],
    federatedCredentials: [],
    principalOwners: [],
    permissions,
    roles: [],
    notRead: [],
  };
  const apiPermissions = [{ resource: "MicrosoftGraph", permission: "Mail.Read" }];
  const settings = { displayName: "Jobs", roles: [], apiPermissions, expectedTenantId: "tenant" };
  expect(updateLosses(found, settings)).toEqual([
    {
      object: "application",
      property: "requiredResourceAccess",
      title: "requested application permission Mail.Read of Another",
    },
  ]);
});

import { expect, test } from "vitest";

import { createGraphClient } from "../../../graph/graphClient.ts";
import { createCredential } from "../../../graph/signIn.ts";
import { builtInRoles } from "../../../microsoft/builtInRoles.ts";
import { inspectApplication, inspectServicePrincipal } from "../../../operations/repair/inspect.ts";
import {
  readApplicationParts,
  readServicePrincipalParts,
} from "../../../operations/repair/readApplication.ts";
import { createApplication, startTestTenant } from "../../graph/testTenant.ts";

const nobody = {
  deployerClientId: undefined,
  deployerObjectId: undefined,
  owners: [],
  keys: new Set<string>(),
  permissions: new Set<string>(),
  federated: new Set<string>(),
  roles: new Set<string>(),
};

test("a role over an application or its service principal, and a redirect URI of the latter, are read", async () => {
  const tenant = await startTestTenant();
  try {
    const { applicationObjectId, servicePrincipalObjectId } = await createApplication(tenant);
    const principalId = await tenant.principalOf("00000003-0000-0000-c000-000000000000");
    const replyUrls = ["https://evil.example"];
    await tenant.write("PATCH", `/servicePrincipals/${servicePrincipalObjectId}`, { replyUrls });
    for (const objectId of [applicationObjectId, servicePrincipalObjectId])
      await tenant.write("POST", "/roleManagement/directory/roleAssignments", {
        principalId,
        roleDefinitionId: builtInRoles["Application Administrator"],
        directoryScopeId: `/${objectId}`,
      });
    const credential = createCredential(tenant.deployer, tenant.endpoints);
    const graph = createGraphClient(credential, tenant.endpoints.graph);
    const application = await readApplicationParts(graph, applicationObjectId);
    const principal = await readServicePrincipalParts(graph, servicePrincipalObjectId);
    const found = [...inspectApplication(application, nobody).reasons].concat(
      inspectServicePrincipal(principal, nobody).reasons,
    );
    expect(found.filter((reason) => /^(?:principal|redirect URI) /.test(reason))).toEqual([
      `principal ${principalId} has role Application Administrator over the application`,
      "redirect URI https://evil.example of the service principal",
      `principal ${principalId} has role Application Administrator over the service principal`,
    ]);
  } finally {
    await tenant.server.close();
  }
});

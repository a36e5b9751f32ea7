import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();

const permissions = [
  "Application.ReadWrite.All",
  "AppRoleAssignment.ReadWrite.All",
  "Domain.Read.All",
  "RoleManagement.ReadWrite.Directory",
  ...(config.getObject<string[]>("morePermissions") ?? []),
];
/** What drift and audit read, `--against-program` too. */
const reading = [
  "Application.Read.All",
  "CustomSecAttributeAssignment.Read.All",
  "DelegatedPermissionGrant.Read.All",
  "Domain.Read.All",
  "GroupMember.Read.All",
  "Policy.Read.All",
  "PrivilegedAssignmentSchedule.Read.AzureADGroup",
  "PrivilegedEligibilitySchedule.Read.AzureADGroup",
  "RoleManagement.Read.Directory",
];
/** What a preview reads. */
const previewing = ["Application.Read.All", "Domain.Read.All"];
const readOnly = config.getBoolean("readOnly") ?? false;
const previewOnly = config.getBoolean("previewOnly") ?? false;
const granted = previewOnly ? previewing : readOnly ? reading : permissions;
const graph = azuread.getServicePrincipalOutput({ clientId: "00000003-0000-0000-c000-000000000000" });

const application = new azuread.Application("deployer", {
  displayName: previewOnly ? "Exchange previews" : readOnly ? "Exchange checks" : "Exchange deployment",
  requiredResourceAccesses: [
    {
      resourceAppId: graph.clientId,
      resourceAccesses: granted.map((permission) => ({ id: appRoleId(permission), type: "Role" })),
    },
  ],
});
const servicePrincipal = new azuread.ServicePrincipal("deployer", { clientId: application.clientId });
for (const permission of granted) {
  new azuread.AppRoleAssignment(`deployer-${permission}`, {
    appRoleId: appRoleId(permission),
    principalObjectId: servicePrincipal.objectId,
    resourceObjectId: graph.objectId,
  });
}
new azuread.ApplicationFederatedIdentityCredential("pipeline", {
  applicationId: application.id,
  displayName: "pipeline",
  audiences: [config.get("audience") ?? "api://AzureADTokenExchange"],
  issuer: config.require("issuer"),
  subject: config.require("subject"),
});

export const clientId = application.clientId;
export const tenantId = azuread.getClientConfigOutput().tenantId;

function appRoleId(permission: string): pulumi.Output<string> {
  return graph.appRoleIds.apply((ids) => {
    const id = ids[permission];
    if (id === undefined) throw new Error(`Microsoft Graph has no application permission "${permission}".`);
    return id;
  });
}

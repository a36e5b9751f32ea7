import { appCertificateType, componentType } from "../../common/typeTokens.ts";
import { isOfComponent, text, type KnownResource } from "../knownResource.ts";
import { type PolicyRule, textsOf } from "../rule.ts";
import { azureadPrefix, tls } from "../types.ts";

/** What keeps a stack in its tenant, able to sign in, and in place. */
export const stackRules: readonly PolicyRule[] = [
  {
    name: "tenant-pinned",
    description: "A stack says which tenant it is for.",
    source: {
      title: "Pulumi's azuread provider, tenantId",
      url: "https://www.pulumi.com/registry/packages/azuread/installation-configuration/",
    },
    severity: "high",
    level: "mandatory",
    checkResource: (resource) => {
      const { type, urn, properties, providerProperties } = resource;
      if (type === componentType) {
        if (properties["expectedTenantId"] !== undefined) return [];
        const problem = "does not say which tenant it is for";
        return [{ problem, remedy: "Set `expectedTenantId` to the tenant's ID." }];
      }
      if (!type.startsWith(azureadPrefix) || isOfComponent(urn) || providerProperties === undefined)
        return [];
      if (providerProperties["tenantId"] !== undefined) return [];
      const problem = "takes its tenant from the environment";
      return [
        { problem, remedy: "Set `azuread:tenantId`, or `tenantId` of the provider, to the tenant's ID." },
      ];
    },
  },
  {
    name: "current-generation",
    description: "The current certificate of a component is one that the stack declares, and has not ended.",
    source: {
      title: "Microsoft Graph, keyCredential",
      url: "https://learn.microsoft.com/graph/api/resources/keycredential",
    },
    severity: "high",
    level: "mandatory",
    checkStack: (resources, now) =>
      resources
        .filter(({ type }) => type === componentType)
        .flatMap((component) => {
          const sha256 = text(component, "certificateThumbprintSha256");
          if (sha256 === undefined) return [];
          const current = resources.find(
            (other) =>
              other.type === appCertificateType &&
              other.parent === component.urn &&
              text(other, "certificateThumbprintSha256") === sha256,
          );
          const ended = current && endOf(current);
          if (current !== undefined && (ended === undefined || now < ended)) return [];
          const problem =
            ended === undefined
              ? `has the current certificate with SHA-256 ${sha256}, which no generation declares`
              : `has a current certificate that ended on ${ended.toISOString().slice(0, 10)}`;
          const remedy = "Declare a generation that is valid: run `exo-auth rotate`.";
          return [{ resource: component, problem, remedy }];
        }),
  },
  {
    name: "no-keys-in-state",
    description: "No private key is created in Pulumi's state.",
    source: {
      title: "Pulumi's tls package, PrivateKey",
      url: "https://www.pulumi.com/registry/packages/tls/api-docs/privatekey/",
    },
    severity: "medium",
    level: "disabled",
    checkResource: ({ type }) =>
      type === tls("PrivateKey")
        ? [
            {
              problem: "creates a private key, which stays in the state",
              remedy: "Create the key where it is used, and give the certificate as `publicCertificate`.",
            },
          ]
        : [],
  },
  {
    name: "protected-resources",
    description: "A resource of a listed type carries `protect`.",
    source: {
      title: "Pulumi's option protect",
      url: "https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",
    },
    severity: "medium",
    level: "mandatory",
    settings: {
      types: {
        type: "array",
        items: { type: "string" },
        default: [],
        description: 'The listed types, such as "azuread:index/application:Application".',
      },
    },
    checkResource: ({ type, protect }, settings) =>
      protect || !textsOf(settings, "types").includes(type)
        ? []
        : [{ problem: "does not carry `protect`", remedy: "Set the option `protect` to true." }],
  },
];

function endOf(certificate: KnownResource): Date | undefined {
  const end = new Date(text(certificate, "certificateNotAfter") ?? "");
  return Number.isNaN(end.getTime()) ? undefined : end;
}

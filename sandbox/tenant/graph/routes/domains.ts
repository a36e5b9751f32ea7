import { invalidValue, resourceNotFound } from "../errors.ts";
import { checkBody } from "../../model/checkBody.ts";
import { domainType } from "../../model/directory.ts";
import { collection, entity } from "../reply.ts";
import { noContent, type GraphRequest, type GraphRoute } from "../route.ts";
import type { DirectoryEntity } from "../../state.ts";
import { readDomains } from "./permissions.ts";

const reading = {
  type: domainType,
  permissions: readDomains,
  directoryRoles: ["Domain Name Administrator", "Global Reader", "Global Administrator", "Directory Readers"],
};

/** Domains. */
export const domainRoutes: readonly GraphRoute[] = [
  {
    ...reading,
    method: "GET",
    path: "/domains",
    title: "List domains",
    query: ["$select", "$top"],
    handle: (request) => collection(request, domainType, request.tenant.domains.values()),
  },
  {
    ...reading,
    method: "GET",
    path: "/domains/:id",
    title: "Read a domain",
    query: ["$select"],
    handle: (request) => entity(request, domainType, domainOf(request)),
  },
  {
    type: domainType,
    permissions: ["Domain.ReadWrite.All"],
    directoryRoles: ["Domain Name Administrator", "Global Administrator"],
    method: "PATCH",
    path: "/domains/:id",
    title: "Update a domain",
    takesBody: true,
    differences:
      "The default domain changes at once. The text of the error is ours if no default domain would be left.",
    handle: (request) => {
      const { domains } = request.tenant;
      const domain = domainOf(request);
      const { properties } = checkBody(request.body, domainType, domainType.properties, domain);
      if (domain.isDefault === true && properties.isDefault === false)
        throw invalidValue("isDefault", domainType.name);
      if (properties.isDefault === true)
        for (const other of domains.values()) domains.set(other.id, { ...other, isDefault: false });
      domains.set(domain.id, { ...domain, ...properties });
      return noContent;
    },
  },
];

function domainOf({ params, tenant }: GraphRequest): DirectoryEntity {
  const id = (params.id ?? "").toLowerCase();
  const domain = tenant.domains.get(id);
  if (domain === undefined) throw resourceNotFound(id);
  return domain;
}

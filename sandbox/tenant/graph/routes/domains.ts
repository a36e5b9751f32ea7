import { resourceNotFound } from "../errors.ts";
import { domainType } from "../../model/directory.ts";
import { collection, entity } from "../reply.ts";
import type { GraphRoute } from "../route.ts";
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
    handle: (request) => {
      const id = (request.params.id ?? "").toLowerCase();
      const domain = request.tenant.domains.get(id);
      if (domain === undefined) throw resourceNotFound(id);
      return entity(request, domainType, domain);
    },
  },
];

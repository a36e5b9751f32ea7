import { createHash } from "node:crypto";

import { Diagnostic, type FunctionType } from "../protocol/resource.ts";
import { computed, flag, list, object, optional, text } from "../protocol/schema.ts";
import type { Properties } from "../protocol/values.ts";
import { attempt } from "./attempt.ts";
import type { Client } from "./client.ts";
import { booleanIn, flagOf, stringsIn, textOf, textsOf } from "./json.ts";

/** Seconds that a lookup may take. */
export const lookupTimeout = 300;

/** `azuread.getClientConfig`: who the plugin is. Asks nobody. */
export const getClientConfig: FunctionType<Client> = {
  inputs: {},
  outputs: {
    clientId: computed(text),
    id: computed(text),
    objectId: computed(text),
    tenantId: computed(text),
  },
  call({ identity: { clientId, objectId, tenantId } }) {
    return Promise.resolve({ clientId, id: `${tenantId}-${clientId}-${objectId}`, objectId, tenantId });
  },
};

/** `azuread.getDomains`: the tenant's domains. Graph returns them all; the plugin filters. */
export const getDomains: FunctionType<Client> = {
  inputs: {
    adminManaged: optional(flag),
    includeUnverified: optional(flag, { conflictsWith: ["onlyDefault", "onlyInitial"] }),
    onlyDefault: optional(flag, { conflictsWith: ["onlyInitial", "onlyRoot"] }),
    onlyInitial: optional(flag, { conflictsWith: ["onlyDefault", "onlyRoot"] }),
    onlyRoot: optional(flag, { conflictsWith: ["onlyDefault", "onlyInitial"] }),
    supportsServices: optional(list(text)),
  },
  outputs: {
    adminManaged: computed(flag),
    domains: computed(
      list(
        object({
          adminManaged: computed(flag),
          authenticationType: computed(text),
          default: computed(flag),
          domainName: computed(text),
          initial: computed(flag),
          root: computed(flag),
          supportedServices: computed(list(text)),
          verified: computed(flag),
        }),
      ),
    ),
    id: computed(text),
    includeUnverified: computed(flag),
    onlyDefault: computed(flag),
    onlyInitial: computed(flag),
    onlyRoot: computed(flag),
    supportsServices: computed(list(text)),
  },
  async call({ graph, identity }, inputs) {
    const all = await attempt("listing domains", graph.list("/domains", { timeout: lookupTimeout }));
    const services = stringsIn(inputs, "supportsServices");
    const domains = all
      .map((domain) => ({
        adminManaged: flagOf(domain, "isAdminManaged"),
        authenticationType: textOf(domain, "authenticationType"),
        default: flagOf(domain, "isDefault"),
        domainName: textOf(domain, "id"),
        initial: flagOf(domain, "isInitial"),
        root: flagOf(domain, "isRoot"),
        supportedServices: textsOf(domain, "supportedServices"),
        verified: flagOf(domain, "isVerified"),
      }))
      .filter((domain) => domain.adminManaged || !booleanIn(inputs, "adminManaged"))
      .filter((domain) => domain.default || !booleanIn(inputs, "onlyDefault"))
      .filter((domain) => domain.initial || !booleanIn(inputs, "onlyInitial"))
      .filter((domain) => domain.root || !booleanIn(inputs, "onlyRoot"))
      .filter((domain) => domain.verified || booleanIn(inputs, "includeUnverified"))
      .filter((domain) => services.every((service) => domain.supportedServices.includes(service)));
    if (domains.length === 0) {
      const none = "no domains found for the provided filters";
      throw new Diagnostic(none, none);
    }
    const digest = createHash("sha1")
      .update(domains.map((domain) => domain.domainName).join("/"))
      .digest("base64");
    return {
      ...echo(inputs),
      domains,
      id: `domains#${identity.tenantId}#${digest.replaceAll("+", "-").replaceAll("/", "_")}`,
      supportsServices: services,
    };
  },
};

function echo(inputs: Properties): Properties {
  const names = ["adminManaged", "includeUnverified", "onlyDefault", "onlyInitial", "onlyRoot"];
  return Object.fromEntries(names.map((name) => [name, booleanIn(inputs, name)]));
}

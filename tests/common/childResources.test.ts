import { globSync, readFileSync } from "node:fs";
import path from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { childResources } from "../../common/childResources.ts";
import { childTypes } from "../../common/typeTokens.ts";
import { ExchangeAppOnlyAuth } from "../../components/index.ts";
import { rights } from "../../operations/preflight/rights.ts";
import { comparedTypes } from "../../sandbox/faultTable/declaredProperties.ts";
import { phases } from "../../sandbox/faultTable/phase.ts";
import { azuread } from "../../sandbox/plugins/azuread/plugin.ts";
import { random } from "../../sandbox/plugins/random/plugin.ts";
import { tls } from "../../sandbox/plugins/tls/plugin.ts";
import { graphRoutes } from "../../sandbox/tenant/graph/routes.ts";
import { makeKeyPair, mockPulumi } from "../components/mocks.ts";
import { root } from "../docs/pages.ts";

/** The request to Graph that makes each child: the tenant must answer it, with the permission of the table. */
const requests: Readonly<Record<string, string>> = {
  [childTypes.application]: "POST /applications",
  [childTypes.servicePrincipal]: "POST /servicePrincipals",
  [childTypes.applicationCertificate]: "PATCH /applications/:id",
  [childTypes.federatedCredential]: "POST /applications/:id/federatedIdentityCredentials",
  [childTypes.appRoleAssignment]: "POST /servicePrincipals/:id/appRoleAssignedTo",
  [childTypes.directoryRoleAssignment]: "POST /roleManagement/directory/roleAssignments",
};

/** Each place that has to know every child that lives in the tenant, and whether it knows this one. */
const places: Readonly<Record<string, (type: string) => boolean>> = {
  "common/childResources.ts": (type) => type in childResources,
  "operations/preflight/rights.ts": (type) =>
    rights.some(
      ({ permission, resourceTypes }) =>
        resourceTypes.includes(type) && permission === childResources[type]?.permission,
    ),
  "operations/repair/": (type) => mentions("operations/repair", type),
  "operations/audit/": (type) => mentions("operations/audit", type),
  "sandbox/plugins/azuread/plugin.ts": (type) => type in azuread.resources,
  "sandbox/tenant/graph/routes/, and `requests` of this test": (type) =>
    graphRoutes.some(
      ({ method, path: route, permissions }) =>
        `${method} ${route}` === requests[type] &&
        permissions.includes(childResources[type]?.permission ?? ""),
    ),
  "sandbox/faultTable/declaredProperties.ts": (type) => comparedTypes.includes(type),
  "sandbox/faultTable/phase.ts": (type) =>
    phases.some(({ operation }) => operation.declared.some((one) => one.startsWith(`${type}::`))),
};

/** What the component makes, with every argument that adds a kind of child. */
async function typesMade(): Promise<ReadonlySet<string>> {
  const registered = await mockPulumi({ keyPair: makeKeyPair() });
  new ExchangeAppOnlyAuth("exchange", {
    userRoleAssignments: [{ userPrincipalName: "a@contoso.com", role: "Global Reader" }],
    federatedCredentials: [{ name: "job", issuer: "https://issuer.example", subject: "job" }],
  });
  await pulumi.runtime.disconnect();
  return new Set(registered.map(({ type }) => type).filter((type) => !type.startsWith("exchange-auth:")));
}

/** Whether a folder's sources name a type: by the table of tokens, or by azuread's own name as the audit has it. */
function mentions(folder: string, type: string): boolean {
  const [key = ""] = Object.entries(childTypes).find(([, token]) => token === type) ?? [];
  const name = type.split(":").at(-1) ?? "";
  return globSync(`${folder}/**/*.ts`, { cwd: root }).some((file) => {
    const text = readFileSync(path.join(root, file), "utf8");
    return text.includes(`childTypes.${key}`) || new RegExp(`\\b${name}\\b"?[:]`).test(text);
  });
}

test("every child has its type in common/typeTokens.ts, and the component makes each of those", async () => {
  expect([...(await typesMade())].toSorted()).toEqual(Object.values(childTypes).toSorted());
});

test("a stand-in plugin makes every child", () => {
  const known = new Set([azuread, tls, random].flatMap(({ resources }) => Object.keys(resources)));
  expect(Object.values(childTypes).filter((type) => !known.has(type))).toEqual([]);
});

test("every place that has to know the children in the tenant knows each of them", () => {
  const inTenant = Object.values(childTypes).filter((type) => type.startsWith("azuread:"));
  const unknown = inTenant.flatMap((type) =>
    Object.entries(places).flatMap(([place, knows]) =>
      knows(type) ? [] : [`${place} does not know ${type}`],
    ),
  );
  expect(unknown).toEqual([]);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { graphRoutes } from "../../../sandbox/tenant/graph/routes.ts";
import { textOf } from "../../../sandbox/tenant/json.ts";
import { itemsOf, startTestTenant } from "./client.ts";
import { anyRequest, faultOf } from "./randomRequests.ts";

/** The benchmark sends more, from another seed each time. */
const numRuns = Number(process.env.FUZZ_RUNS ?? 800);
const seed = Number(process.env.FUZZ_SEED ?? 20261123);

test(
  "whatever is sent, the tenant answers in its APIs' shapes and stays sound",
  async () => {
    const permissions = [...new Set(graphRoutes.flatMap((route) => route.permissions.slice(0, 1)))];
    const tenant = await startTestTenant({
      seeds: [
        {
          tenantId: "a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47",
          initialDomain: "contoso.onmicrosoft.com",
          users: [{ userPrincipalName: "reports@contoso.onmicrosoft.com", displayName: "Reports" }],
          deployer: {
            clientId: "5f0c8e1b-94d7-4a26-b3e9-7c2d1f6a8b05",
            clientSecret: "s",
            permissions: [
              ...permissions,
              "Application.ReadWrite.All",
              "AppRoleAssignment.ReadWrite.All",
              "Domain.Read.All",
            ],
          },
        },
      ],
    });
    const principals = itemsOf(await tenant.graph("GET", "/v1.0/servicePrincipals")).map((principal) =>
      textOf(principal.id),
    );
    const ids = [...principals, tenant.seed.tenantId, "99999999-9999-4999-8999-999999999999"];
    await fc.assert(
      fc.asyncProperty(anyRequest, async (random) => {
        const fault = await faultOf(tenant, ids, random);
        if (fault !== undefined) throw new Error(fault);
      }),
      { seed, numRuns, endOnFailure: true },
    );
    const token = await tenant.deployerToken();
    for (const list of [
      "applications",
      "servicePrincipals",
      "users",
      "directoryRoles",
      "policies/appManagementPolicies",
    ]) {
      expect((await tenant.graph("GET", `/v1.0/${list}?$select=id`, undefined, token)).status).toBe(200);
    }
  },
  numRuns * 100,
);

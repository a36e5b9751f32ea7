import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";

import { resolveArguments } from "../../components/arguments/resolveArguments.ts";
import { ExchangeAppOnlyAuth, type ExchangeAppOnlyAuthArgs } from "../../components/index.ts";
import { Cloud, clouds } from "../../microsoft/clouds.ts";
import { type KeyPair, makeKeyPair, mockPulumi, valueOf } from "./mocks.ts";
import { rejectionsOf } from "./rejections.ts";

const exchangeOnline = "00000002-0000-0ff1-ce00-000000000000";
const protection = "00000007-0000-0ff1-ce00-000000000000";

let keyPair: KeyPair;
beforeAll(() => {
  keyPair = makeKeyPair();
});
afterEach(() => {
  vi.unstubAllEnvs();
});

function resourcesOf(args: ExchangeAppOnlyAuthArgs): readonly string[] {
  const { settings, problems } = resolveArguments(args);
  expect(problems).toEqual([]);
  return settings.permissions.map(({ resourceAppId, permission }) => `${resourceAppId} ${permission}`);
}

const both = [`${exchangeOnline} Exchange.ManageAsApp`, `${protection} Exchange.ManageAsApp`];
const [one] = both;

describe("Exchange.ManageAsApp of Exchange Online Protection", () => {
  const opening = ["Compliance Administrator", "Global Reader", "Security Administrator", "Security Reader"];
  const others = ["Exchange Administrator", "Exchange Recipient Administrator", "Helpdesk Administrator"];
  const everyCloud = Object.values(Cloud);
  /** How many permissions other roles get. In two clouds 0.1.0 granted both, and what was granted stays. */
  const withOtherRoles: Readonly<Record<Cloud, number>> = {
    global: 1,
    usGovernmentHigh: 2,
    usGovernmentDod: 2,
    china: 1,
  };

  it.each(everyCloud)("is granted in the cloud %s where a role opens Security & Compliance", (cloud) => {
    for (const role of opening) expect(resourcesOf({ cloud, roles: [role] })).toEqual(both);
    expect(resourcesOf({ cloud, roles: ["Global Administrator"], allowGlobalAdministrator: true })).toEqual(
      both,
    );
    expect(resourcesOf({ cloud, roles: ["Exchange Administrator", "Global Reader"] })).toEqual(both);
  });

  it.each(everyCloud)("is granted with other roles in the cloud %s as 0.1.0 did", (cloud) => {
    for (const roles of [...others.map((role) => [role]), []])
      expect(resourcesOf({ cloud, roles })).toEqual(both.slice(0, withOtherRoles[cloud]));
  });

  it.each(everyCloud)("is left out in the cloud %s with `securityAndCompliance: false`", (cloud) => {
    expect(resourcesOf({ cloud, roles: ["Global Reader"], securityAndCompliance: false })).toEqual([one]);
    expect(resourcesOf({ cloud, securityAndCompliance: false })).toEqual([one]);
  });

  it.each([
    { resource: "Office365ExchangeOnlineProtection", permission: "Exchange.ManageAsApp" },
    { resource: protection, permission: "455e5cd2-84e8-4751-8344-5672145dfa17" },
  ])("can be granted explicitly where it is not granted anyway (%j)", ({ resource, permission }) => {
    const apiPermissions = [{ resource, permission }];
    expect(resourcesOf({ roles: [], apiPermissions })).toEqual([one, `${protection} ${permission}`]);
    const roles = ["Global Reader"];
    expect(resourcesOf({ roles, apiPermissions, securityAndCompliance: false })).toHaveLength(2);
    expect(resolveArguments({ roles, apiPermissions }).problems).toEqual([
      "`apiPermissions[0]` is Exchange.ManageAsApp of Microsoft Exchange Online Protection, which this component grants, because it uses Security & Compliance. Remove it.",
    ]);
    expect(
      resolveArguments({
        roles: [],
        apiPermissions: [...apiPermissions, { resource, permission: "exchange.manageasapp" }],
      }).problems,
    ).toEqual(["`apiPermissions[1]` repeats the permission of `apiPermissions[0]`. Remove one."]);
  });
});

it("`securityAndCompliance` must be true or false", () => {
  const args: object = { securityAndCompliance: "no" };
  expect(resolveArguments(args).problems).toEqual([
    '`securityAndCompliance` must be true or false, got "no". Leave it out to use true.',
  ]);
});

describe("the component", () => {
  it("names the added permission as GCC High's was named, and asks for both in the application", async () => {
    const registered = await mockPulumi({ keyPair });
    const component = new ExchangeAppOnlyAuth("exchange", { roles: ["Global Reader"] });
    await pulumi.runtime.disconnect();
    expect(
      registered
        .filter(({ type }) => type.endsWith(":AppRoleAssignment"))
        .map(({ name, inputs }) => [name, inputs]),
    ).toEqual([
      [
        "exchange-office365-exchange-online-exchange-manage-as-app",
        {
          appRoleId: "dc50a0fb-09a3-484d-be87-e023b12c6440",
          principalObjectId: "exchange-principal-object-id",
          resourceObjectId: `object-id-of-${exchangeOnline}`,
        },
      ],
      [
        "exchange-office365-exchange-online-protection-exchange-manage-as-app",
        {
          appRoleId: "455e5cd2-84e8-4751-8344-5672145dfa17",
          principalObjectId: "exchange-principal-object-id",
          resourceObjectId: `object-id-of-${protection}`,
        },
      ],
    ]);
    expect(await valueOf(component.connectIppsSession)).toMatch(/^Connect-IPPSSession /);
  });

  it("has no `connectIppsSession` with `securityAndCompliance: false`", async () => {
    for (const cloud of ["global", "usGovernmentHigh"] as const) {
      vi.stubEnv("ARM_ENVIRONMENT", clouds[cloud].azureadEnvironments[0]);
      const registered = await mockPulumi({
        keyPair,
        tenantDomain: `contoso${clouds[cloud].initialDomainSuffix}`,
      });
      const component = new ExchangeAppOnlyAuth("exchange", {
        cloud,
        roles: ["Global Reader"],
        securityAndCompliance: false,
      });
      await pulumi.runtime.disconnect();
      expect(component.connectIppsSession).toBeUndefined();
      expect(registered.filter(({ type }) => type.endsWith(":AppRoleAssignment"))).toHaveLength(1);
    }
  });

  it("says with which command a tenant gets the resource that it lacks, or which switch leaves it out", async () => {
    await mockPulumi({
      keyPair,
      failures: {
        [`getServicePrincipal ${protection}`]: "No service principal found matching the client ID",
      },
    });
    expect(
      await rejectionsOf(() => new ExchangeAppOnlyAuth("exchange", { roles: ["Global Reader"] })),
    ).toEqual([
      [
        'ExchangeAppOnlyAuth "exchange" has one problem, nothing was created:',
        "  - Security & Compliance PowerShell needs Microsoft Exchange Online Protection, whose service principal is not in this tenant. Create it with `az ad sp create --id 00000007-0000-0ff1-ce00-000000000000`. To leave it out instead, set `securityAndCompliance` to false, and name no permission of it in `apiPermissions`.",
      ].join("\n"),
    ]);
  });
});

import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";

import { outputNames } from "../../components/outputs.ts";
import { componentProvider } from "../../plugin/componentProvider.ts";
import { makeKeyPair, mockPulumi, tenantDomain, valueOf } from "../components/mocks.ts";

const type = "exchange-auth:index:ExchangeAppOnlyAuth";
const provider = componentProvider('{ "name": "exchange-auth", "version": "1.2.3" }');

it("serves the schema, under its version", () => {
  expect(provider.version).toBe("1.2.3");
  expect(provider.schema).toBe('{ "name": "exchange-auth", "version": "1.2.3" }');
});

it("names every problem at once as one of the arguments, shows no key, and registers nothing", async () => {
  const registered = await mockPulumi();
  const publicCertificate = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----";
  const args = {
    cloud: "mars",
    certificate: { validityDays: 900, generations: [{ name: "1" }, { name: "2", publicCertificate }] },
  };
  const error: unknown = await provider
    .construct?.("exchange", type, args, {})
    .catch((thrown: unknown) => thrown);
  expect(pulumi.InputPropertiesError.isInstance(error)).toBe(true);
  const { message, errors } = error as pulumi.InputPropertiesError;
  expect(message.split("\n").map((line) => line.slice(0, 60))).toEqual([
    'ExchangeAppOnlyAuth "exchange" has 3 problems, nothing was c',
    '  - `cloud` must be a Microsoft cloud, got "mars". Use one o',
    "  - `certificate.generations[1].publicCertificate` contains ",
    "  - `certificate.validityDays` must be a whole number of day",
  ]);
  expect(message).not.toContain("c2VjcmV0");
  // The engine would print the value of each property that is named here.
  expect(errors).toEqual([]);
  expect(registered).toEqual([]);
});

it("names the component that it has instead of another one", async () => {
  await expect(
    provider.construct?.("exchange", "exchange-auth:index:AppCertificate", {}, {}),
  ).rejects.toThrow(
    'The package has the component exchange-auth:index:ExchangeAppOnlyAuth alone, got "exchange-auth:index:AppCertificate".',
  );
});

it("creates the component with the arguments, and gives its outputs", async () => {
  const registered = await mockPulumi({ keyPair: makeKeyPair() });
  const { urn, state } = (await provider.construct?.("exchange", type, { displayName: "Reports" }, {})) ?? {};
  expect(await valueOf(pulumi.output(urn))).toBe(
    "urn:pulumi:dev::exchange-auth::exchange-auth:index:ExchangeAppOnlyAuth::exchange",
  );
  expect(Object.keys(state as object)).toEqual(outputNames.filter((name) => name !== "connectIppsSession"));
  const outputs = await valueOf(pulumi.output(state as Record<string, pulumi.Output<string>>));
  expect(outputs).toMatchObject({ tenantDomain, appId: expect.any(String) as unknown });
  const application = registered.find((resource) => resource.type.endsWith(":Application"));
  expect(application?.inputs["displayName"]).toBe("Reports");
});

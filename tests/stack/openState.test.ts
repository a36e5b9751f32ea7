import { expect, test } from "vitest";

import { openPartOf } from "../../stack/openState.ts";
import { sealed } from "./exportedState.ts";

const delta = "__pulumi_raw_state_delta";
const resource = (urn: string, others: object = {}) => ({ urn, custom: true, ...others });

/** What is left of these resources, by URN. */
function leftOf(...resources: readonly (object & { readonly urn: string })[]): readonly string[] {
  const { deployment } = openPartOf({ version: 3, deployment: { resources: [...resources] } });
  return deployment.resources.map(({ urn }) => urn);
}

test("what has a secret goes, with all that was made of it, in any order and at any depth", () => {
  expect(
    leftOf(
      resource("far", { dependencies: ["certificate"] }),
      resource("certificate", { dependencies: ["application", "key"] }),
      resource("key", { outputs: { pem: sealed } }),
      resource("application", { outputs: { id: "1" } }),
      resource("below", { parent: "key" }),
      resource("provider", { inputs: { clientSecret: sealed } }),
      resource("provided", { provider: "provider::4" }),
      resource("assignment", { dependencies: ["application"], provider: "default::5" }),
    ),
  ).toEqual(["application", "assignment"]);
});

test("a component stays without its outputs, and a resource whose own description alone is a secret stays", () => {
  const { deployment, ...document } = openPartOf({
    version: 4,
    features: ["hooks"],
    deployment: {
      manifest: { time: "now" },
      secrets_providers: { type: "passphrase" },
      pending_operations: [{ type: "creating" }],
      resources: [
        { urn: "component", custom: false, outputs: { appId: "a", pfxBase64: sealed } },
        resource("uuid", { outputs: { result: "1", [delta]: sealed }, parent: "component" }),
      ],
    },
  });
  expect(document).toEqual({ version: 4, features: ["hooks"] });
  expect(deployment).toEqual({
    manifest: { time: "now" },
    resources: [
      expect.objectContaining({ urn: "component", outputs: {} }),
      expect.objectContaining({ urn: "uuid", outputs: { result: "1" } }),
    ],
  });
});

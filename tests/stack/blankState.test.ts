import { expect, test } from "vitest";

import { secretSignature, signatureKey, unknownText } from "../../common/pulumiSignatures.ts";
import { blankState } from "../../stack/blankState.ts";
import { sealed } from "./exportedState.ts";

const text = { [signatureKey]: secretSignature, plaintext: '"[secret]"' };
const delta = "__pulumi_raw_state_delta";

test("a text stands in the place of each secret, and everything else stays", () => {
  const { document, blanked } = blankState({
    version: 4,
    features: ["hooks"],
    deployment: {
      manifest: { time: "2026-11-23T08:00:00Z" },
      secrets_providers: { type: "passphrase", state: { salt: "v1:salt" } },
      pending_operations: [{ resource: { inputs: { value: sealed } }, type: "creating" }],
      resources: [
        { urn: "a", inputs: { name: "x", list: [1, { inner: sealed }] }, outputs: { value: sealed } },
        { urn: "b", inputs: { other: { [signatureKey]: "an asset" } }, outputs: { id: unknownText } },
      ],
    },
  });
  expect(document).toEqual({
    version: 4,
    features: ["hooks"],
    deployment: {
      manifest: { time: "2026-11-23T08:00:00Z" },
      pending_operations: [{ resource: { inputs: { value: text } }, type: "creating" }],
      resources: [
        { urn: "a", inputs: { name: "x", list: [1, { inner: text }] }, outputs: { value: text } },
        { urn: "b", inputs: { other: { [signatureKey]: "an asset" } }, outputs: { id: unknownText } },
      ],
    },
  });
  expect(blanked).toEqual(new Map([["a", new Set(["list", "value"])]]));
});

test("a plugin's description of its own state goes where that state has lost a value, and stays elsewhere", () => {
  const { document } = blankState({
    version: 3,
    deployment: {
      resources: [
        { urn: "a", outputs: { value: sealed, [delta]: {}, block: { [delta]: {} } } },
        { urn: "b", outputs: { [delta]: sealed, id: "1" } },
        { urn: "c", outputs: { [delta]: { obj: {} }, id: "1" } },
      ],
    },
  });
  expect(document.deployment.resources.map(({ outputs }) => outputs)).toEqual([
    { value: text, block: {} },
    { id: "1" },
    { [delta]: { obj: {} }, id: "1" },
  ]);
});

test("a resource that waits for its deletion counts with the one that took its place", () => {
  const { blanked } = blankState({
    version: 3,
    deployment: {
      resources: [
        { urn: "a", outputs: { one: sealed } },
        { urn: "a", delete: true, outputs: { other: sealed } },
        { urn: "a", delete: true, outputs: {} },
      ],
    },
  });
  expect(blanked).toEqual(new Map([["a", new Set(["one", "other"])]]));
});

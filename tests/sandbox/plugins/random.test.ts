import { compare } from "bcryptjs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { random } from "../../../sandbox/plugins/random/plugin.ts";
import { Hand, revealed, textIn } from "./hand.ts";
import { startPlugin, type PluginClient } from "./pluginClient.ts";

const types = {
  bytes: "random:index/randomBytes:RandomBytes",
  id: "random:index/randomId:RandomId",
  password: "random:index/randomPassword:RandomPassword",
  text: "random:index/randomString:RandomString",
  uuid: "random:index/randomUuid:RandomUuid",
};
const runs = { numRuns: 40, seed: 20_261_123 };

let client: PluginClient;
let hand: Hand;
beforeAll(async () => {
  client = await startPlugin(random, {});
  hand = new Hand(client);
});
afterAll(() => client.close());

describe.each([
  [types.bytes, { length: 16 }],
  [types.id, { byteLength: 8 }],
  [types.password, { length: 12 }],
  [types.text, { length: 12 }],
  [types.uuid, {}],
])("%s", (token, inputs) => {
  it("differs each time, and stays as it is then", async () => {
    const [one, other] = [await hand.create(token, inputs), await hand.create(token, inputs)];
    expect(one.state).not.toEqual(other.state);
    expect((await hand.diff(one, inputs)).changes).toBe("DIFF_NONE");
    expect((await hand.refresh(one))?.state).toEqual(one.state);
    await hand.delete(one);
  });

  it("is replaced when its keepers change", async () => {
    const made = await hand.create(token, { ...inputs, keepers: { on: "1" } });
    const verdict = await hand.diff(made, { ...inputs, keepers: { on: "2" } });
    expect(verdict.replaces).toEqual(["keepers"]);
  });
});

it("makes bytes in two notations, both secret", async () => {
  const { state } = await hand.create(types.bytes, { length: 33 });
  const bytes = Buffer.from(textIn(state, "base64"), "base64");
  expect(bytes).toHaveLength(33);
  expect(textIn(state, "hex")).toBe(bytes.toString("hex"));
  expect(revealed(state["base64"])).not.toBe(state["base64"]);
});

it("makes a UUID of version 4", async () => {
  const { id, state } = await hand.create(types.uuid, {});
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(state["result"]).toBe(id);
});

it("makes texts of the characters asked for", async () => {
  const count = fc.integer({ min: 0, max: 4 });
  const options = fc.record({
    length: fc.integer({ min: 16, max: 40 }),
    minLower: count,
    minNumeric: count,
    minSpecial: count,
    minUpper: count,
  });
  await fc.assert(
    fc.asyncProperty(options, async (inputs) => {
      const { state } = await hand.create(types.text, { ...inputs, overrideSpecial: "!?" });
      const result = textIn(state, "result");
      expect(result).toMatch(/^[a-zA-Z0-9!?]+$/);
      expect(result).toHaveLength(inputs.length);
      expect(result.match(/[a-z]/g)?.length ?? 0).toBeGreaterThanOrEqual(inputs.minLower);
      expect(result.match(/[0-9]/g)?.length ?? 0).toBeGreaterThanOrEqual(inputs.minNumeric);
      expect(result.match(/[!?]/g)?.length ?? 0).toBeGreaterThanOrEqual(inputs.minSpecial);
      expect(result.match(/[A-Z]/g)?.length ?? 0).toBeGreaterThanOrEqual(inputs.minUpper);
    }),
    runs,
  );
});

it("leaves out characters that are not wanted", async () => {
  const inputs = { length: 60, special: false, upper: false, lower: false };
  expect(textIn((await hand.create(types.text, inputs)).state, "result")).toMatch(/^[0-9]{60}$/);
  const none = { ...inputs, numeric: false };
  await expect(hand.create(types.text, none)).rejects.toThrow("the character set specified is empty");
  const tooMany = { length: 3, minLower: 4 };
  await expect(hand.create(types.text, tooMany)).rejects.toThrow(/length must be >= .* \(4\), got: 3/);
});

it("makes a password that is secret, with its hash", async () => {
  const { id, state } = await hand.create(types.password, { length: 20 });
  expect(id).toBe("none");
  expect(revealed(state["result"])).not.toBe(state["result"]);
  const hash = textIn(state, "bcryptHash");
  expect(hash).toMatch(/^\$2a\$10\$/);
  expect(await compare(textIn(state, "result"), hash)).toBe(true);
});

describe("an import", () => {
  it("takes a UUID, bytes, a password and a text as they are", async () => {
    const uuid = "3f1c2b4a-5d6e-4f70-8192-a3b4c5d6e7f8";
    expect((await hand.import(types.uuid, uuid))?.state["result"]).toBe(uuid);
    const bytes = await hand.import(types.bytes, "AAEC");
    expect(textIn(bytes?.state ?? {}, "hex")).toBe("000102");
    expect((await hand.import(types.text, "abc"))?.state).toMatchObject({ result: "abc", length: 3 });
    const password = await hand.import(types.password, "s3cret");
    expect(textIn(password?.state ?? {}, "result")).toBe("s3cret");
    expect(password?.id).toBe("none");
  });

  it("refuses what is none", async () => {
    await expect(hand.import(types.uuid, "x")).rejects.toThrow('The id must be a UUID, got "x"');
    await expect(hand.import(types.bytes, "*")).rejects.toThrow('The id must be Base64, got "*"');
  });
});

it("knows no other type, and says which it knows", async () => {
  const token = "random:index/randomPet:RandomPet";
  await expect(hand.check(token, {})).rejects.toThrow(
    `The resource type "${token}" is unknown to this plugin. It knows random:index/randomBytes:RandomBytes,`,
  );
});

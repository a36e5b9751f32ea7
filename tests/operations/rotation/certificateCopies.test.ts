import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { publicKeySha256Of, readCertificate } from "../../../common/certificate.ts";
import type { ApplicationClient, KeyCredential } from "../../../graph/applicationClient.ts";
import { findCopies, removeCopies } from "../../../operations/rotation/certificateCopies.ts";
import { makeCertificate } from "../../graph/testCertificate.ts";

const objects = { applicationObjectId: "app", servicePrincipalObjectId: "principal" };
const stolen = { keyId: "stolen", certificateThumbprintSha256: sha256("stolen") };

/** A tenant of two lists, in which somebody else can act right after a write. */
function tenant(
  application: readonly KeyCredential[],
  principal: readonly KeyCredential[] | undefined = [],
  afterWrite: (list: readonly KeyCredential[]) => readonly KeyCredential[] = (list) => list,
) {
  const lists = new Map([
    ["app", application],
    ["principal", principal],
  ]);
  const writes: unknown[] = [];
  const client: Pick<ApplicationClient, "keyCredentials" | "replaceKeyCredentials"> = {
    keyCredentials: async ({ id }) => lists.get(id),
    async replaceKeyCredentials({ collection, id }, list) {
      writes.push([collection, list]);
      const known = lists.get(id) ?? [];
      const written = list.map((one) => ({
        ...one,
        key: one.key ?? known.find(({ keyId }) => keyId === one.keyId)?.key,
      }));
      lists.set(id, writes.length === 1 ? afterWrite(written) : written);
    },
  };
  return { client, writes, lists };
}

test("the same bytes are a copy under any key ID and on either object, another certificate is none", async () => {
  const { client } = tenant(
    [entry("stolen", "stolen"), entry("again", "stolen"), entry("other", "other")],
    [entry("hidden here", "stolen")],
  );
  expect(await findCopies(client, objects, stolen)).toEqual({
    copies: [
      { holder: "application", keyId: "stolen" },
      { holder: "application", keyId: "again" },
      { holder: "servicePrincipal", keyId: "hidden here" },
    ],
    hidden: [],
  });
});

test("a copy that was uploaded as PEM is a copy, with another certificate after it, too", async () => {
  const [{ certificatePem }, other] = await Promise.all([makeCertificate(), makeCertificate()]);
  const { thumbprintSha256: certificateThumbprintSha256 } = readCertificate(certificatePem);
  const { client } = tenant([
    entry("as PEM", certificatePem),
    entry("two", `${certificatePem}\n${other.certificatePem}`),
    entry("other", other.certificatePem),
  ]);
  const { copies } = await findCopies(client, objects, { keyId: "stolen", certificateThumbprintSha256 });
  expect(copies.map(({ keyId }) => keyId)).toEqual(["as PEM", "two"]);
});

test("without bytes, the state's own key ID is a copy, and any other may be one", async () => {
  const { client } = tenant([{ keyId: "stolen", key: null }, { keyId: "other" }], undefined);
  expect(await findCopies(client, objects, stolen)).toEqual({
    copies: [{ holder: "application", keyId: "stolen" }],
    hidden: [{ holder: "application", keyId: "other" }],
  });
});

test("another certificate of the stolen key is a copy where the key is looked for", async () => {
  const stolenOne = await makeCertificate();
  const later = new Date(Date.now() + 60 * 86_400_000);
  const [renewed, other] = await Promise.all([
    makeCertificate(new Date(), later, stolenOne),
    makeCertificate(),
  ]);
  const { thumbprintSha256: certificateThumbprintSha256 } = readCertificate(stolenOne.certificatePem);
  const known = { keyId: "stolen", certificateThumbprintSha256 };
  const publicKeySha256 = publicKeySha256Of(renewed.certificatePem);
  const { client, lists } = tenant([
    entry("renewed", renewed.certificatePem),
    entry("other", other.certificatePem),
    entry("no certificate", "key"),
  ]);
  expect((await findCopies(client, objects, known)).copies).toEqual([]);
  const { removed } = await removeCopies(client, objects, { ...known, publicKeySha256 });
  expect(removed).toEqual([{ holder: "application", keyId: "renewed" }]);
  expect(lists.get("app")?.map(({ keyId }) => keyId)).toEqual(["other", "no certificate"]);
});

test("every copy goes, and the others are written as they are, without their bytes", async () => {
  const other = { ...entry("other", "other"), displayName: "CN=other" };
  const { client, writes, lists } = tenant(
    [entry("stolen", "stolen"), entry("again", "stolen"), other],
    [entry("there", "stolen")],
  );
  expect(await removeCopies(client, objects, stolen)).toEqual({
    removed: [
      { holder: "application", keyId: "stolen" },
      { holder: "application", keyId: "again" },
      { holder: "servicePrincipal", keyId: "there" },
    ],
    putBack: [],
  });
  expect(writes).toEqual([
    ["applications", [{ ...other, key: null }]],
    ["servicePrincipals", []],
  ]);
  expect(lists.get("app")).toEqual([other]);
});

test("what goes missing beside the write is put back from what was read before it", async () => {
  const [kept, lost] = [entry("kept", "kept"), entry("lost", "lost")];
  const { client, writes, lists } = tenant([entry("stolen", "stolen"), kept, lost], [], (list) =>
    list.filter(({ keyId }) => keyId !== "lost"),
  );
  expect(await removeCopies(client, objects, stolen)).toEqual({
    removed: [{ holder: "application", keyId: "stolen" }],
    putBack: [{ holder: "application", keyId: "lost" }],
  });
  expect(writes[1]).toEqual(["applications", [{ ...kept, key: null }, lost]]);
  expect(lists.get("app")).toEqual([kept, lost]);
});

test("nothing is written where there is no copy", async () => {
  const { client, writes } = tenant([entry("other", "other")]);
  expect(await removeCopies(client, objects, stolen)).toEqual({ removed: [], putBack: [] });
  expect(writes).toEqual([]);
});

function entry(keyId: string, content: string): KeyCredential {
  return { keyId, key: Buffer.from(content).toString("base64") };
}

function sha256(content: string): string {
  return createHash("sha256").update(content).digest("hex").toUpperCase();
}

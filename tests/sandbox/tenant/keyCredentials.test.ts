import { expect, test } from "vitest";
import { textOf, type Json } from "../../../sandbox/tenant/json.ts";
import { digest, keyCredential, makeAssertion, makeCertificate } from "./certificates.ts";
import {
  createApplication,
  errorOf,
  startOfTest,
  startTestTenant,
  type Answer,
  type TestTenant,
} from "./client.ts";

const keyId = "11111111-2222-4333-8444-555555555555";

test("a certificate is kept with its thumbprint, its times, and its key for whoever selects it", async () => {
  const { tenant, id } = await withApplication();
  const certificate = await makeCertificate();
  await write(tenant, id, [keyCredential(certificate, keyId)]);
  const shown = {
    customKeyIdentifier: digest(certificate, "sha1").toString("hex").toUpperCase(),
    displayName: "CN=Jobs",
    endDateTime: "2027-11-22T08:00:00Z",
    key: null,
    keyId,
    startDateTime: "2026-11-22T08:00:00Z",
    type: "AsymmetricX509Cert",
    usage: "Verify",
  };
  const read = await tenant.graph("GET", `/v1.0/applications/${id}`);
  expect(read.body.keyCredentials).toEqual([shown]);
  const selected = await tenant.graph("GET", `/v1.0/applications/${id}?$select=keyCredentials`);
  expect(selected.body.keyCredentials).toEqual([{ ...shown, key: certificate.der.toString("base64") }]);
  expect(Object.keys(selected.body)).toEqual(["@odata.context", "keyCredentials"]);
  const listed = await tenant.graph("GET", `/v1.0/applications?$select=keyCredentials`);
  expect(listed.body.value).toEqual([{ keyCredentials: [] }, { keyCredentials: [shown] }]);
});

test("PEM in base64 is as good as DER, as azuread sends it", async () => {
  const { tenant, id } = await withApplication();
  const certificate = await makeCertificate();
  const key = Buffer.from(`${certificate.pem}\n`).toString("base64");
  expect((await write(tenant, id, [{ ...keyCredential(certificate), key }])).status).toBe(204);
  const selected = await tenant.graph("GET", `/v1.0/applications/${id}?$select=keyCredentials`);
  expect(selected.body.keyCredentials).toMatchObject([{ key: certificate.der.toString("base64") }]);
});

test("a write replaces the list: what comes back is kept, what is left out goes", async () => {
  const { tenant, id } = await withApplication();
  const [first, second] = [await makeCertificate(), await makeCertificate()];
  await write(tenant, id, [keyCredential(first, keyId)]);
  const read = await tenant.graph("GET", `/v1.0/applications/${id}`);
  const [kept = null] = Array.isArray(read.body.keyCredentials) ? read.body.keyCredentials : [];
  expect((await write(tenant, id, [kept, keyCredential(second)])).status).toBe(204);
  expect(await thumbprints(tenant, id)).toEqual(
    [first, second].map((item) => digest(item, "sha1").toString("hex").toUpperCase()),
  );
  expect((await write(tenant, id, [{ keyId }])).status).toBe(204);
  expect(await thumbprints(tenant, id)).toEqual([digest(first, "sha1").toString("hex").toUpperCase()]);
  expect((await write(tenant, id, [])).status).toBe(204);
  expect(await thumbprints(tenant, id)).toEqual([]);
});

test("a credential that is there cannot be changed", async () => {
  const { tenant, id } = await withApplication();
  const certificate = await makeCertificate();
  await write(tenant, id, [keyCredential(certificate, keyId)]);
  const changed = await write(tenant, id, [{ ...keyCredential(await makeCertificate(), keyId) }]);
  expect(errorOf(changed)).toEqual({
    status: 400,
    code: "Request_BadRequest",
    message: `Update to existing credential with KeyId '${keyId}' is not allowed.`,
  });
  const moved = await write(tenant, id, [{ keyId, endDateTime: "2027-01-01T00:00:00Z" }]);
  expect(moved.status).toBe(400);
  const renamed = await write(tenant, id, [{ keyId, customKeyIdentifier: "00" }]);
  expect(renamed.status).toBe(400);
  expect(await thumbprints(tenant, id)).toEqual([digest(certificate, "sha1").toString("hex").toUpperCase()]);
});

interface RefusedCredential {
  readonly title: string;
  readonly change: Readonly<Record<string, string>>;
  readonly code: string;
  readonly message: string;
}

test.each<RefusedCredential>([
  {
    title: "an end after the certificate's",
    change: { endDateTime: "2028-01-01T00:00:00Z" },
    code: "KeyCredentialsInvalidEndDate",
    message: "Key credential end date is invalid.",
  },
  {
    title: "an end in the past",
    change: { endDateTime: "2026-11-23T07:59:59Z" },
    code: "KeyCredentialsInvalidEndDate",
    message: "Key credential end date is invalid.",
  },
  {
    title: "a start before the certificate's",
    change: { startDateTime: "2026-01-01T00:00:00Z" },
    code: "KeyCredentialsInvalidStartDate",
    message: "Key credential start date is invalid.",
  },
  {
    title: "no certificate",
    change: { key: Buffer.from("nothing").toString("base64") },
    code: "KeyCredentialsInvalidValue",
    message: "Key credential value is invalid.",
  },
  {
    title: "no key",
    change: { key: "" },
    code: "KeyCredentialsInvalidValue",
    message: "Key credential value is invalid.",
  },
  {
    title: "another type",
    change: { type: "Certificate" },
    code: "KeyCredentialsInvalidType",
    message: "Key credential type is invalid.",
  },
  {
    title: "a name of 91 characters",
    change: { displayName: "x".repeat(91) },
    code: "Request_BadRequest",
    message: "Invalid value specified for property 'keyCredentials/displayName' of resource 'Application'.",
  },
  {
    title: "a key ID that is no GUID",
    change: { keyId: "one" },
    code: "Request_BadRequest",
    message: "Cannot convert the value of property 'keyCredentials/keyId' to the expected type 'Edm.Guid'.",
  },
  {
    title: "a time that is none",
    change: { endDateTime: "soon" },
    code: "Request_BadRequest",
    message:
      "Cannot convert the value of property 'keyCredentials/endDateTime' to the expected type 'Edm.DateTimeOffset'.",
  },
])("a credential with $title is refused", async ({ change, code, message }) => {
  const { tenant, id } = await withApplication();
  const credential = { ...keyCredential(await makeCertificate()), ...change };
  expect(errorOf(await write(tenant, id, [credential]))).toEqual({ status: 400, code, message });
  expect(await thumbprints(tenant, id)).toEqual([]);
});

test("an elliptic certificate is refused", async () => {
  const { tenant, id } = await withApplication();
  const answer = await write(tenant, id, [keyCredential(await makeCertificate({ elliptic: true }))]);
  expect(errorOf(answer).code).toBe("KeyCredentialsInvalidValue");
});

test("one key ID for two credentials is refused", async () => {
  const { tenant, id } = await withApplication();
  const credentials = [
    keyCredential(await makeCertificate(), keyId),
    keyCredential(await makeCertificate(), keyId),
  ];
  expect(errorOf(await write(tenant, id, credentials)).code).toBe("KeyCredentialsInvalidKeyId");
});

test("a certificate is added and removed with proof of a present one, and not without", async () => {
  const { tenant, id } = await withApplication();
  const [present, added] = [await makeCertificate(), await makeCertificate()];
  await write(tenant, id, [keyCredential(present)]);
  const claims = { iss: id, sub: undefined };
  const proof = await makeAssertion(present, id, "00000002-0000-0000-c000-000000000000", { claims });
  const stranger = await makeAssertion(added, id, "00000002-0000-0000-c000-000000000000", { claims });
  const path = `/v1.0/applications/${id}/addKey`;
  const body = { keyCredential: keyCredential(added, keyId), passwordCredential: null };
  expect(errorOf(await tenant.graph("POST", path, { ...body, proof: stranger }))).toEqual({
    status: 401,
    code: "Authentication_MissingOrMalformed",
    message: "Access Token missing or malformed.",
  });
  expect((await tenant.graph("POST", path, { ...body, proof })).body).toMatchObject({ keyId, key: null });
  expect(await thumbprints(tenant, id)).toHaveLength(2);
  const removal = `/v1.0/applications/${id}/removeKey`;
  expect((await tenant.graph("POST", removal, { keyId, proof })).status).toBe(204);
  expect(errorOf(await tenant.graph("POST", removal, { keyId, proof })).code).toBe("CredentialsNotFound");
  expect(await thumbprints(tenant, id)).toHaveLength(1);
});

test("secrets are shown once, and removed by their id", async () => {
  const { tenant, id } = await withApplication();
  const added = await tenant.graph("POST", `/v1.0/applications/${id}/addPassword`, {
    passwordCredential: { displayName: "jobs" },
  });
  const { secretText, keyId: secretId, ...shown } = added.body;
  expect(shown).toEqual({
    customKeyIdentifier: null,
    displayName: "jobs",
    endDateTime: "2028-11-23T08:00:00Z",
    hint: textOf(secretText).slice(0, 3),
    startDateTime: startOfTest.toISOString().replace(".000", ""),
  });
  const read = await tenant.graph("GET", `/v1.0/applications/${id}`);
  expect(read.body.passwordCredentials).toEqual([{ ...shown, keyId: secretId, secretText: null }]);
  expect(read.text).not.toContain(textOf(secretText));
  const removal = `/v1.0/applications/${id}/removePassword`;
  expect((await tenant.graph("POST", removal, { keyId: secretId ?? null })).status).toBe(204);
  expect(errorOf(await tenant.graph("POST", removal, { keyId: secretId ?? null }))).toEqual({
    status: 400,
    code: "Request_BadRequest",
    message: "No password credential found with keyId.",
  });
});

async function withApplication(): Promise<{ tenant: TestTenant; id: string }> {
  const tenant = await startTestTenant();
  const { id } = await createApplication(tenant);
  return { tenant, id };
}

function write(tenant: TestTenant, id: string, keyCredentials: Json): Promise<Answer> {
  return tenant.graph("PATCH", `/v1.0/applications/${id}`, { keyCredentials });
}

async function thumbprints(tenant: TestTenant, id: string): Promise<readonly Json[]> {
  const { body } = await tenant.graph("GET", `/v1.0/applications/${id}`);
  const credentials = Array.isArray(body.keyCredentials) ? body.keyCredentials : [];
  return credentials.map((credential: { customKeyIdentifier: string }) => credential.customKeyIdentifier);
}

import { expect, test } from "vitest";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import { textOf, type JsonObject } from "../../../sandbox/tenant/json.ts";
import { keyCredential, makeCertificate } from "./certificates.ts";
import { createApplication, errorOf, startTestTenant, type Answer } from "./client.ts";

const noLock = {
  allProperties: null,
  credentialsWithUsageSign: null,
  credentialsWithUsageVerify: null,
  isEnabled: false,
  tokenEncryptionKeyId: null,
};

test.each<{ title: string; lock: JsonObject; credentials: boolean; encryption: boolean }>([
  {
    title: "everything",
    lock: { isEnabled: true, allProperties: true },
    credentials: true,
    encryption: true,
  },
  {
    title: "credentials that verify",
    lock: { isEnabled: true, credentialsWithUsageVerify: true },
    credentials: true,
    encryption: false,
  },
  {
    title: "the encryption key",
    lock: { isEnabled: true, tokenEncryptionKeyId: true },
    credentials: false,
    encryption: true,
  },
  {
    title: "credentials that sign, which OAuth does not use",
    lock: { isEnabled: true, credentialsWithUsageSign: true },
    credentials: false,
    encryption: false,
  },
  {
    title: "nothing, as it is not enabled",
    lock: { isEnabled: false, allProperties: true },
    credentials: false,
    encryption: false,
  },
])("a lock of $title", async ({ lock, credentials, encryption }) => {
  const tenant = await startTestTenant();
  const { id, principalId } = await createApplication(tenant, { servicePrincipalLockConfiguration: lock });
  const read = await tenant.graph(
    "GET",
    `/v1.0/applications/${id}?$select=servicePrincipalLockConfiguration`,
  );
  expect(read.body.servicePrincipalLockConfiguration).toEqual({ ...noLock, ...lock });
  const principal = `/v1.0/servicePrincipals/${principalId}`;
  const certificate = await makeCertificate();
  const secret = await tenant.graph("POST", `${principal}/addPassword`, {});
  expect(outcomeOf(secret)).toEqual(credentials ? locked("passwordCredentials") : 200);
  const key = await tenant.graph("PATCH", principal, { keyCredentials: [keyCredential(certificate)] });
  expect(outcomeOf(key)).toEqual(credentials ? locked("keyCredentials") : 204);
  const encrypted = await tenant.graph("PATCH", principal, {
    tokenEncryptionKeyId: "99999999-9999-4999-8999-999999999999",
  });
  expect(outcomeOf(encrypted)).toEqual(encryption ? locked("tokenEncryptionKeyId") : 204);
});

function locked(name: string): ReturnType<typeof errorOf> {
  return {
    status: 400,
    code: "CannotUpdateLockedServicePrincipalProperty",
    message: `Property ${name} is invalid.`,
  };
}

/** The status of a write that was taken, the error of one that was not. */
function outcomeOf(answer: Answer): number | ReturnType<typeof errorOf> {
  return answer.status < 300 ? answer.status : errorOf(answer);
}

test("a lock keeps what is there from being removed, leaves the application itself alone, and can be lifted", async () => {
  const tenant = await startTestTenant();
  const { id, principalId } = await createApplication(tenant);
  const principal = `/v1.0/servicePrincipals/${principalId}`;
  const { body } = await tenant.graph("POST", `${principal}/addPassword`, {});
  const setLock = (isEnabled: boolean) =>
    tenant.graph("PATCH", `/v1.0/applications/${id}`, {
      servicePrincipalLockConfiguration: { isEnabled, allProperties: true },
    });
  expect((await setLock(true)).status).toBe(204);
  const remove = () => tenant.graph("POST", `${principal}/removePassword`, { keyId: textOf(body.keyId) });
  expect(errorOf(await remove()).code).toBe("CannotUpdateLockedServicePrincipalProperty");
  expect(errorOf(await tenant.graph("PATCH", principal, { passwordCredentials: [] })).code).toBe(
    "CannotUpdateLockedServicePrincipalProperty",
  );
  expect((await tenant.graph("PATCH", principal, { notes: "seen" })).status).toBe(204);
  const certificate = await makeCertificate();
  const application = { keyCredentials: [keyCredential(certificate)] };
  expect((await tenant.graph("PATCH", `/v1.0/applications/${id}`, application)).status).toBe(204);
  expect((await setLock(false)).status).toBe(204);
  expect((await remove()).status).toBe(204);
});

test.each<{ appInstanceLock: boolean; own: JsonObject; expected: JsonObject | null }>([
  { appInstanceLock: false, own: {}, expected: null },
  {
    appInstanceLock: true,
    own: {},
    expected: {
      allProperties: true,
      credentialsWithUsageSign: true,
      credentialsWithUsageVerify: true,
      isEnabled: true,
      tokenEncryptionKeyId: true,
    },
  },
  {
    appInstanceLock: true,
    own: { servicePrincipalLockConfiguration: { isEnabled: false } },
    expected: noLock,
  },
])("new applications in a tenant with App Instance Lock $appInstanceLock", async (given) => {
  const { appInstanceLock, own, expected } = given;
  const tenant = await startTestTenant({ seeds: [{ ...defaultSeed, appInstanceLock }] });
  const { id } = await createApplication(tenant, own);
  const { body } = await tenant.graph("GET", `/v1.0/applications/${id}`);
  expect(body.servicePrincipalLockConfiguration).toEqual(expected);
});

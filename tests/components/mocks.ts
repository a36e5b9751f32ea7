import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { childTypes } from "../../common/typeTokens.ts";

import * as pulumi from "@pulumi/pulumi";

/** One resource as the engine would be asked for it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

/** A key and a self-signed certificate, made by openssl. */
export interface KeyPair {
  readonly privateKeyPem: string;
  readonly certificatePem: string;
}

export const tenantId = "0d3a1b7e-5a0c-4c0e-8d5f-2f1c6b9a7e11";
export const tenantDomain = "contoso.onmicrosoft.com";

/** Answers of the mocked plugins; a test replaces what it is about. */
export interface Answers {
  readonly tenantDomain?: string;
  readonly tenantId?: string;
  readonly keyPair?: KeyPair;
  /** Of service principals, by client ID. */
  readonly descriptions?: Readonly<Record<string, string>>;
  /** Lookups that answer otherwise, by function name. */
  readonly lookups?: Readonly<Record<string, Record<string, unknown>>>;
  /** Lookups that fail, by function name or by that and the client ID, with the plugin's text. */
  readonly failures?: Readonly<Record<string, string>>;
}

/** Starts a mocked program in the stack `dev`, for an update or a preview, and returns what it registers, in order. */
export async function mockPulumi(
  answers: Answers = {},
  config: Record<string, string> = {},
  isPreview = false,
  project = "exchange-auth",
): Promise<Registered[]> {
  const registered: Registered[] = [];
  pulumi.runtime.setAllConfig(config);
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        registered.push({ type, name, inputs });
        return { id: `${name}-id`, state: { ...inputs, ...outputs(type, name, answers) } };
      },
      call: ({ token, inputs }) => lookUp(token, inputs, answers),
    },
    project,
    "dev",
    isPreview,
  );
  return registered;
}

/** The value of an output under mocks; undefined where there is no output. */
export function valueOf<T>(output: pulumi.Output<T> | undefined): Promise<T | undefined> {
  return new Promise((resolve) => {
    if (output === undefined) resolve(undefined);
    else output.apply(resolve);
  });
}

/** Makes a key and a certificate with openssl, which has no code in common with ours. */
export function makeKeyPair(subject = "/CN=test", days = 364, algorithm = ["rsa:2048"]): KeyPair {
  const folder = mkdtempSync(path.join(tmpdir(), "exchange-auth-"));
  try {
    const [key, certificate] = [path.join(folder, "key.pem"), path.join(folder, "certificate.pem")];
    execFileSync(
      "openssl",
      [
        "req",
        "-x509",
        "-newkey",
        ...algorithm,
        "-nodes",
        "-subj",
        subject,
        "-days",
        String(days),
        "-keyout",
        key,
        "-out",
        certificate,
      ],
      { stdio: "pipe" },
    );
    return { privateKeyPem: readFileSync(key, "utf8"), certificatePem: readFileSync(certificate, "utf8") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function outputs(type: string, name: string, { keyPair }: Answers): Record<string, unknown> {
  switch (type) {
    case childTypes.application:
      return { clientId: `${name}-client-id`, objectId: `${name}-object-id` };
    case childTypes.servicePrincipal:
      return { objectId: `${name}-principal-object-id` };
    case childTypes.privateKey:
      return keyPair === undefined
        ? {}
        : { privateKeyPem: keyPair.privateKeyPem, privateKeyPemPkcs8: keyPair.privateKeyPem };
    case childTypes.selfSignedCert:
      return keyPair === undefined ? {} : { certPem: keyPair.certificatePem };
    case childTypes.randomUuid:
      return { result: `${name}-uuid` };
    case childTypes.randomPassword:
      return { result: `${name}-result` };
    default:
      return {};
  }
}

function lookUp(token: string, inputs: Record<string, unknown>, answers: Answers): Record<string, unknown> {
  const name = token.split(":").at(-1)!;
  const failure = answers.failures?.[name] ?? answers.failures?.[`${name} ${String(inputs["clientId"])}`];
  if (failure !== undefined) throw Object.assign(new Error(failure), { details: failure });
  const answer = answers.lookups?.[name];
  if (answer !== undefined) return answer;
  switch (name) {
    case "getClientConfig":
      return { tenantId: answers.tenantId ?? tenantId };
    case "getDomains":
      return { domains: [{ domainName: answers.tenantDomain ?? tenantDomain, initial: true }] };
    case "getServicePrincipal":
      return {
        objectId: `object-id-of-${String(inputs["clientId"])}`,
        description: answers.descriptions?.[String(inputs["clientId"])] ?? "",
        appRoles,
      };
    case "getApplication":
      return { id: "/applications/existing-object-id", objectId: "existing-object-id" };
    case "getUser":
      return { objectId: `object-id-of-${String(inputs["userPrincipalName"])}` };
    default:
      throw new Error(`The mocks answer no ${token}.`);
  }
}

/** What every resource of the mocked tenant offers: two permissions for applications, one for users, one switched off. */
const appRoles = [
  appRole("User.Read.All", "df021288-bdef-4463-88db-98f22de89214"),
  appRole("Mail.Read", "810c84a8-4a9e-49e6-bf7d-12d183f40d01"),
  { ...appRole("Users.Only", "11111111-0000-4000-8000-000000000001"), allowedMemberTypes: ["User"] },
  { ...appRole("Switched.Off", "11111111-0000-4000-8000-000000000002"), enabled: false },
];

function appRole(value: string, id: string) {
  return { id, value, enabled: true, allowedMemberTypes: ["Application"] };
}

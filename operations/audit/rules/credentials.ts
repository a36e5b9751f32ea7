import { createHash, X509Certificate } from "node:crypto";
import * as v from "valibot";
import type { Holder } from "../../../graph/removal.ts";
import { application, servicePrincipal } from "../../../graph/removal.ts";
import type { Properties } from "../../../stack/values.ts";
import type { AuditRule, Context, Declares, Observation, ObservedItem } from "../rule.ts";
import { readsAll, readsOne } from "../rule.ts";
import { isSame, text } from "../stateValues.ts";
import { applicationPart, applicationPath, principalPart } from "./parts.ts";

const credentials = {
  severity: "critical",
  why: "Whoever has it signs in as the application, with everything that the application may do.",
  source: "https://attack.mitre.org/techniques/T1098/001/",
} as const;
const hiddenFromPortal =
  "It signs in as the application, and the portal's page of the app registration does not show it.";

const KeyCredential = v.object({
  keyId: v.string(),
  type: v.nullish(v.string()),
  usage: v.nullish(v.string()),
  displayName: v.nullish(v.string()),
  endDateTime: v.nullish(v.string()),
  /** Base64 of the certificate. */
  key: v.nullish(v.string()),
});
type KeyCredential = v.InferOutput<typeof KeyCredential>;
const Keys = v.object({ keyCredentials: v.array(KeyCredential) });
const keys = { schema: Keys, select: ["keyCredentials"] };

const Passwords = v.object({
  passwordCredentials: v.array(
    v.object({
      keyId: v.string(),
      displayName: v.nullish(v.string()),
      endDateTime: v.nullish(v.string()),
    }),
  ),
});
const passwords = { schema: Passwords, select: ["passwordCredentials"] };

const FederatedCredential = v.object({
  id: v.string(),
  name: v.string(),
  issuer: v.string(),
  subject: v.nullish(v.string()),
});

/** What signs in as the application. */
export const credentialRules: readonly AuditRule[] = [
  {
    id: "EXO-AUDIT-APPLICATION-CERTIFICATE",
    title: "Certificate on the application",
    ...credentials,
    reads: [
      readsOne(applicationPart, keys, ({ keyCredentials }, { objects }) =>
        certificatesOn(application(objects), keyCredentials),
      ),
    ],
    declaredBy: { ApplicationCertificate: ofApplication(certificate) },
  },
  {
    id: "EXO-AUDIT-APPLICATION-PASSWORD",
    title: "Client secret on the application",
    ...credentials,
    reads: [
      readsOne(applicationPart, passwords, (value, { objects }) => passwordsOn(application(objects), value)),
    ],
    declaredBy: {
      ApplicationPassword: ofApplication(keyIds),
      Application: ({ state }, { applicationObjectId }) =>
        isSame(state["objectId"], applicationObjectId) ? inlinePassword(state) : [],
    },
  },
  {
    id: "EXO-AUDIT-FEDERATED-CREDENTIAL",
    title: "Federated identity credential on the application",
    ...credentials,
    why: "A workload elsewhere signs in as the application, without any secret that could be found.",
    reads: [
      readsAll(
        {
          name: "federatedCredentials",
          path: (objects) => `${applicationPath(objects)}/federatedIdentityCredentials`,
          permission: "Application.Read.All",
        },
        { schema: FederatedCredential },
        (found, context) => ({ items: found.map((one) => federated(one, context)) }),
      ),
    ],
    declaredBy: {
      ApplicationFederatedIdentityCredential: ofApplication(credentialId),
      ApplicationFlexibleFederatedIdentityCredential: ofApplication(credentialId),
    },
  },
  {
    id: "EXO-AUDIT-SERVICE-PRINCIPAL-CERTIFICATE",
    title: "Certificate on the service principal",
    ...credentials,
    why: hiddenFromPortal,
    reads: [
      readsOne(principalPart, keys, ({ keyCredentials }, { objects }) =>
        certificatesOn(servicePrincipal(objects), keyCredentials),
      ),
    ],
    declaredBy: { ServicePrincipalCertificate: ofPrincipal(certificate) },
  },
  {
    id: "EXO-AUDIT-SERVICE-PRINCIPAL-PASSWORD",
    title: "Client secret on the service principal",
    ...credentials,
    why: hiddenFromPortal,
    reads: [
      readsOne(principalPart, passwords, (value, { objects }) =>
        passwordsOn(servicePrincipal(objects), value),
      ),
    ],
    declaredBy: { ServicePrincipalPassword: ofPrincipal(keyIds) },
  },
];

/** SHA-256 of a certificate's DER, lower-case hex. @throws where the bytes are none */
export function certificateSha256(bytes: string | Buffer): string {
  return createHash("sha256").update(new X509Certificate(bytes).raw).digest("hex");
}

function certificatesOn(holder: Holder, keyCredentials: readonly KeyCredential[]): Observation {
  const items = keyCredentials
    .filter((credential) => !isHidden(credential))
    .map((credential): ObservedItem => ({
      ...identified(credential),
      removal: { kind: "certificate", holder, keyId: credential.keyId },
    }));
  // Without its bytes nobody knows which certificate it is.
  const reason = "Microsoft Graph gave a certificate without its bytes.";
  return { items, ...(keyCredentials.some(isHidden) ? { hidden: { reason, denied: false } } : {}) };
}

/** Whether a certificate came without its bytes. */
function isHidden({ type, key }: KeyCredential): boolean {
  return type === "AsymmetricX509Cert" && !key;
}

/** A certificate goes by its own bytes: who adds one chooses its keyId, name and customKeyIdentifier. */
function identified({ keyId, type, usage, displayName, endDateTime, key }: KeyCredential): ObservedItem {
  const about = `"${displayName ?? "unnamed"}" (${type ?? "no type"}, ${usage ?? "no usage"}), keyId ${keyId}, until ${endDateTime ?? "ever"}`;
  try {
    const sha256 = certificateSha256(Buffer.from(key ?? "", "base64"));
    const subject = sha256.toUpperCase();
    return { key: sha256, subject, found: `SHA-256 ${subject}, ${about}` };
  } catch {
    const subject = `KEYID ${keyId.toUpperCase()}`;
    return { key: subject, subject, found: `a key that is no certificate, ${about}` };
  }
}

function passwordsOn(holder: Holder, { passwordCredentials }: v.InferOutput<typeof Passwords>): Observation {
  return {
    items: passwordCredentials.map(({ keyId: id, displayName, endDateTime }) => ({
      key: id,
      found: `"${displayName ?? "unnamed"}", keyId ${id}, until ${endDateTime ?? "ever"}`,
      removal: { kind: "password", holder, keyId: id },
    })),
  };
}

function federated(
  { id, name, issuer, subject }: v.InferOutput<typeof FederatedCredential>,
  { objects }: Context,
): ObservedItem {
  return {
    key: id,
    found: `"${name}" for ${subject ?? "whatever its expression matches"} of ${issuer}, id ${id}`,
    removal: { kind: "delete", path: `${applicationPath(objects)}/federatedIdentityCredentials/${id}` },
  };
}

function ofApplication(declares: (state: Properties) => readonly string[]): Declares {
  return ({ state }, { applicationObjectId }) =>
    isSame(state["applicationId"], applicationObjectId) ? declares(state) : [];
}

function ofPrincipal(declares: (state: Properties) => readonly string[]): Declares {
  return ({ state }, { servicePrincipalObjectId }) =>
    isSame(state["servicePrincipalId"], servicePrincipalObjectId) ? declares(state) : [];
}

function keyIds(state: Properties): readonly string[] {
  return [text(state["keyId"])];
}

function credentialId(state: Properties): readonly string[] {
  return [text(state["credentialId"])];
}

/** The secret that `Application` itself makes. */
function inlinePassword({ password }: Properties): readonly string[] {
  return v.is(v.object({ keyId: v.string() }), password) ? [password.keyId] : [];
}

/** The SHA-256 of a resource's certificate; none where the value is not one, so that what is there is found. */
function certificate(state: Properties): readonly string[] {
  const value = text(state["value"]);
  const encoding = text(state["encoding"]) || "pem";
  try {
    return [
      certificateSha256(
        encoding === "pem" ? value : Buffer.from(value, encoding === "hex" ? "hex" : "base64"),
      ),
    ];
  } catch {
    return [];
  }
}

import { randomInt } from "node:crypto";

import type { Plan, ResourceType } from "../protocol/resource.ts";
import {
  among,
  atLeast,
  computed,
  flag,
  list,
  object,
  optional,
  optionalComputed,
  required,
  text,
} from "../protocol/schema.ts";
import { unknown, type Properties } from "../protocol/values.ts";
import { now } from "./clock.ts";
import { notImportable } from "./notImportable.ts";
import { usageNames } from "./usages.ts";

const replaces = { replaces: true };

const usage = among(...usageNames);

/** `tls.SelfSignedCert`: a certificate that is really made and signed. */
export const selfSignedCert: ResourceType<undefined> = {
  fields: {
    allowedUses: required(list(usage), replaces),
    certPem: computed(text),
    dnsNames: optional(list(text), replaces),
    earlyRenewalHours: optionalComputed(atLeast(0), { default: 0 }),
    id: computed(text),
    ipAddresses: optional(list(text), replaces),
    isCaCertificate: optionalComputed(flag, { ...replaces, default: false }),
    keyAlgorithm: computed(text),
    maxPathLength: optionalComputed(atLeast(-1), replaces),
    privateKeyPem: required(text, { ...replaces, secret: true }),
    readyForRenewal: computed(flag, { default: false }),
    setAuthorityKeyId: optionalComputed(flag, { ...replaces, default: false }),
    setSubjectKeyId: optionalComputed(flag, { ...replaces, default: false }),
    subject: optional(
      object({
        commonName: optional(text),
        country: optional(text),
        emailAddress: optional(text),
        locality: optional(text),
        organization: optional(text),
        organizationalUnit: optional(text),
        postalCode: optional(text),
        province: optional(text),
        serialNumber: optional(text),
        streetAddresses: optional(list(text), { terraformName: "street_address" }),
      }),
      replaces,
    ),
    uris: optional(list(text), replaces),
    validityEndTime: computed(text),
    validityPeriodHours: required(atLeast(0), replaces),
    validityStartTime: computed(text),
  },

  plan: planRenewal,

  async create(operation, planned) {
    const { issueCertificate } = await import("./certificate.ts");
    const from = now();
    const to = new Date(from.getTime() + Number(planned["validityPeriodHours"]) * 3_600_000);
    const { serial, certPem } = await issueCertificate(planned, from, to);
    operation.setId(serial);
    // Nanoseconds that neither the certificate nor Entra keeps: so does the official plugin.
    const fraction =
      String(from.getMilliseconds()).padStart(3, "0") + String(randomInt(100_000)).padStart(5, "0") + "1";
    const written = (time: Date) => `${time.toISOString().slice(0, 19)}.${fraction}Z`;
    return {
      ...planned,
      certPem,
      id: serial,
      keyAlgorithm: "RSA",
      readyForRenewal: false,
      validityEndTime: written(to),
      validityStartTime: written(from),
    };
  },

  read(_, __, state) {
    if (Object.keys(state).length > 0)
      return Promise.resolve(isDue(state) ? { ...state, readyForRenewal: true } : state);
    throw notImportable();
  },
};

/** A certificate that is due is replaced, whatever else the user wants. */
function planRenewal(planned: Properties, _: Properties, prior: Properties | undefined): Plan {
  if (prior === undefined || !isDue(planned)) return { planned, replaces: [] };
  return { planned: { ...planned, readyForRenewal: unknown }, replaces: ["readyForRenewal"] };
}

function isDue(state: Properties): boolean {
  const end = state["validityEndTime"];
  const early = Number(state["earlyRenewalHours"] ?? 0) * 3_600_000;
  return typeof end === "string" && now().getTime() >= Date.parse(end) - early;
}

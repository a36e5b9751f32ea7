import { describe, expect, test } from "vitest";
import type { PlannedCertificate } from "../../../operations/preflight/plannedCertificates.ts";
import { checkCertificate, dependsOnActor, rulesOf } from "../../../operations/preflight/policy.ts";

const now = new Date("2026-11-23T00:00:00Z");
const certificate = { name: "exchange-cert-1", validityDays: 364, selfSigned: true };
const passed = [{ kind: "passed", message: "the tenant's app management policy allows the certificate" }];

test.each([
  ["P365D", 365, true],
  ["P364D", 364, false],
  ["P363DT24H", 364, false],
  ["P1Y", 365, true],
  ["P12M", 360, false],
  ["P52W", 364, false],
  ["P180D", 180, false],
])("a maximum of %s", (maxLifetime, days, allowed) => {
  const restriction = { restrictionType: "asymmetricKeyLifetime", maxLifetime };
  expect(check(restriction)).toEqual(
    allowed
      ? passed
      : [
          {
            kind: "obstacle",
            cause: "certificateTooLong",
            message: `Certificate "exchange-cert-1" would last 364 days, but the tenant's app management policy requires less than ${days}.`,
            remedy: `Set \`certificate.validityDays\` to ${days - 1} or less.`,
          },
        ],
  );
});

test("what is made already is not made shorter, but another is", () => {
  const restriction = { restrictionType: "asymmetricKeyLifetime", maxLifetime: "P90D" };
  expect(check(restriction, {}, { ...certificate, alreadyMade: true })).toMatchObject([
    {
      remedy:
        "Set `certificate.validityDays` to 89 or less, and give the generation another name in `certificate.generations`: this one exists already.",
    },
  ]);
});

test("a trusted certificate authority refuses what signs itself", () => {
  expect(check({ restrictionType: "trustedCertificateAuthority" })).toEqual([
    {
      kind: "obstacle",
      cause: "certificateNotTrusted",
      message:
        'Certificate "exchange-cert-1" would be self-signed, but the tenant\'s app management policy requires a trusted certificate authority.',
      remedy:
        "Give a certificate of that authority as `certificate.generations[].publicCertificate`, or ask for an exemption of this application from the policy.",
    },
  ]);
});

// Pulumi's plan does not show the certificate itself, which is among its secrets.
test.each([
  [
    "its authority",
    { restrictionType: "trustedCertificateAuthority" },
    'Not checked: whether the tenant\'s app management policy trusts the authority that certificate "exchange-cert-1" is from.',
    "Ask the owner of the policy, which names the authorities.",
  ],
  [
    "how long it has lasted",
    { restrictionType: "asymmetricKeyLifetime", maxLifetime: "P365D" },
    'Not checked: whether certificate "exchange-cert-1", which has 364 days left, lasts less than 365 in all, as the tenant\'s app management policy requires.',
    "See its dates: `openssl x509 -noout -dates`.",
  ],
])("of a certificate from elsewhere nobody knows %s", (_, restriction, message, remedy) => {
  const own = { ...certificate, validityDays: 363.5, selfSigned: false };
  expect(check(restriction, {}, own)).toEqual([{ kind: "warning", cause: "notChecked", message, remedy }]);
});

test("of a certificate that is secret nobody knows how long it lasts", () => {
  const own = { ...certificate, validityDays: Number.NaN, selfSigned: false };
  expect(check({ restrictionType: "asymmetricKeyLifetime", maxLifetime: "P90D" }, {}, own)).toMatchObject([
    {
      message:
        'Not checked: whether certificate "exchange-cert-1", whose dates are secret, lasts less than 90 in all, as the tenant\'s app management policy requires.',
    },
  ]);
});

test("a certificate from elsewhere that has longer left than it may last", () => {
  const own = { ...certificate, validityDays: 363.5, selfSigned: false };
  expect(check({ restrictionType: "asymmetricKeyLifetime", maxLifetime: "P180D" }, {}, own)).toMatchObject([
    {
      cause: "certificateTooLong",
      message:
        'Certificate "exchange-cert-1" would last 364 days, but the tenant\'s app management policy requires less than 180.',
      remedy: "Get a certificate with a shorter lifetime, and give it as `publicCertificate`.",
    },
  ]);
});

test("a kind of restriction that Graph does not name was not checked", () => {
  expect(check({ restrictionType: "unknownFutureValue" })).toEqual([
    {
      kind: "warning",
      cause: "notChecked",
      message:
        'Not checked: whether certificate "exchange-cert-1" passes the tenant\'s app management policy, which has a restriction of the kind "unknownFutureValue".',
      remedy: "Ask the owner of the policy what it requires.",
    },
  ]);
});

test.each([
  ["a policy that is not enabled", { isEnabled: false }, {}],
  ["a restriction that is disabled", {}, { state: "disabled" }],
  ["one that begins later", {}, { restrictForAppsCreatedAfterDateTime: "2026-11-23T00:00:01Z" }],
])("%s restricts nothing", (_, policy, restriction) => {
  expect(
    check({ restrictionType: "asymmetricKeyLifetime", maxLifetime: "P1D", ...restriction }, policy),
  ).toEqual(passed);
});

test.each(["2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z"])("one that began at %s holds", (since) => {
  const restriction = {
    restrictionType: "asymmetricKeyLifetime",
    maxLifetime: "P1D",
    state: "enabled",
    restrictForAppsCreatedAfterDateTime: since,
  };
  expect(check(restriction)).toMatchObject([{ cause: "certificateTooLong" }]);
});

test("an application's own policy is named", () => {
  const keyCredentials = [{ restrictionType: "asymmetricKeyLifetime", maxLifetime: "P90D" }];
  const own = { displayName: "Jobs", isEnabled: true, restrictions: { keyCredentials } };
  expect(checkCertificate(certificate, rulesOf(own, now), () => "unknown")).toMatchObject([
    {
      message:
        'Certificate "exchange-cert-1" would last 364 days, but the application\'s own app management policy "Jobs" requires less than 90.',
    },
  ]);
});

test.each([
  ["exempt", []],
  ["notExempt", ["certificateTooLong"]],
  ["unknown", ["notChecked"]],
] as const)("a deploying identity that is %s", (exemption, causes) => {
  const restriction = {
    restrictionType: "asymmetricKeyLifetime",
    maxLifetime: "P1D",
    excludeActors: { customSecurityAttributes: [] },
  };
  const policy = { isEnabled: true, applicationRestrictions: { keyCredentials: [restriction] } };
  const findings = checkCertificate(certificate, rulesOf(policy, now), () => exemption);
  expect(findings.flatMap((one) => (one.kind === "passed" ? [] : [one.cause]))).toEqual(causes);
});

function check(
  restriction: { readonly restrictionType: string; readonly maxLifetime?: string },
  policy: { readonly isEnabled?: boolean } = {},
  planned: PlannedCertificate = certificate,
): ReturnType<typeof checkCertificate> {
  const applicationRestrictions = { keyCredentials: [restriction] };
  const rules = rulesOf({ isEnabled: true, applicationRestrictions, ...policy }, now);
  return checkCertificate(planned, rules, () => "unknown");
}

describe("who asks matters", () => {
  const excludeActors = { customSecurityAttributes: [] };

  test("where a restriction that refuses the certificate excludes somebody", () => {
    const refusing = { maxLifetime: "P90D", excludeActors };
    expect(dependsOnActor(certificate, rulesWith(refusing))).toBe(true);
    expect(dependsOnActor(certificate, rulesWith({ maxLifetime: "P90D" }, refusing))).toBe(true);
  });

  test("and not where it excludes nobody, or lets the certificate pass", () => {
    expect(dependsOnActor(certificate, rulesWith())).toBe(false);
    expect(dependsOnActor(certificate, rulesWith({ maxLifetime: "P90D" }))).toBe(false);
    expect(dependsOnActor(certificate, rulesWith({ maxLifetime: "P900D", excludeActors }))).toBe(false);
  });

  test("only for what is refused: what nobody knows stays unknown", () => {
    const elsewhere = { ...certificate, selfSigned: false };
    const found = checkCertificate(
      elsewhere,
      rulesWith({ restrictionType: "trustedCertificateAuthority", excludeActors }),
      () => "unknown",
    );
    expect(found).toMatchObject([
      { kind: "warning", remedy: "Ask the owner of the policy, which names the authorities." },
    ]);
  });
});

test("a policy without restrictions, and a restriction without a lifetime, allow everything", () => {
  expect(rulesOf({ isEnabled: true, applicationRestrictions: null }, now).restrictions).toEqual([]);
  expect(check({ restrictionType: "asymmetricKeyLifetime" })).toEqual(passed);
  const elsewhere = { ...certificate, selfSigned: false };
  expect(check({ restrictionType: "asymmetricKeyLifetime", maxLifetime: "long" }, {}, elsewhere)).toEqual(
    passed,
  );
});

function rulesWith(...restrictions: readonly object[]) {
  const keyCredentials = restrictions.map((one) => ({ restrictionType: "asymmetricKeyLifetime", ...one }));
  return rulesOf({ isEnabled: true, applicationRestrictions: { keyCredentials } }, now);
}

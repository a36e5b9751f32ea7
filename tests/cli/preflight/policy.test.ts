import { expect, test } from "vitest";
import { checkPolicy } from "../../../cli/preflight/policy.ts";

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
            message: `Certificate "exchange-cert-1" is to last 364 days, and the tenant's app management policy wants less than ${days}.`,
            remedy: `Set \`certificate.validityDays\` to ${days - 1} or less.`,
          },
        ],
  );
});

test("a trusted certificate authority refuses what signs itself", () => {
  expect(check({ restrictionType: "trustedCertificateAuthority" })).toMatchObject([
    { kind: "obstacle", cause: "certificateNotTrusted" },
  ]);
});

test("a certificate from elsewhere may be trusted, and must be made shorter there", () => {
  const own = { ...certificate, validityDays: 363.5, selfSigned: false };
  expect(check({ restrictionType: "trustedCertificateAuthority" }, {}, own)).toEqual(passed);
  expect(check({ restrictionType: "asymmetricKeyLifetime", maxLifetime: "P180D" }, {}, own)).toMatchObject([
    {
      cause: "certificateTooLong",
      message:
        'Certificate "exchange-cert-1" is to last 364 days, and the tenant\'s app management policy wants less than 180.',
      remedy: "Have a shorter one made, and give that as `publicCertificate`.",
    },
  ]);
});

test.each([
  ["a policy that is not enabled", { isEnabled: false }, {}],
  ["a restriction that is disabled", {}, { state: "disabled" }],
  ["one that begins later", {}, { restrictForAppsCreatedAfterDateTime: "2026-11-24T00:00:00Z" }],
  ["one about passwords", {}, { restrictionType: "passwordAddition" }],
])("%s restricts nothing", (_, policy, restriction) => {
  expect(
    check({ restrictionType: "asymmetricKeyLifetime", maxLifetime: "P1D", ...restriction }, policy),
  ).toEqual(passed);
});

test("one that began earlier holds", () => {
  const restriction = {
    restrictionType: "asymmetricKeyLifetime",
    maxLifetime: "P1D",
    state: "enabled",
    restrictForAppsCreatedAfterDateTime: "2026-11-22T00:00:00Z",
  };
  expect(check(restriction)).toMatchObject([{ cause: "certificateTooLong" }]);
});

function check(
  restriction: { readonly restrictionType: string; readonly maxLifetime?: string },
  policy: { readonly isEnabled?: boolean } = {},
  planned = certificate,
): ReturnType<typeof checkPolicy> {
  const applicationRestrictions = { keyCredentials: [restriction] };
  return checkPolicy({ isEnabled: true, applicationRestrictions, ...policy }, [planned], now);
}

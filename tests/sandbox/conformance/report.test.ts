import fc from "fast-check";
import * as v from "valibot";
import { expect, test } from "vitest";
import { conformanceCases } from "../../../sandbox/conformance/cases.ts";
import { conformancePage } from "../../../sandbox/conformance/page.ts";
import { Report, reportOf } from "../../../sandbox/conformance/report.ts";
import { readReport, withReport } from "../../../sandbox/conformance/results.ts";
import { reportMarkdown } from "../../../sandbox/conformance/summary.ts";
import { answerOf, type Send } from "../../../sandbox/conformance/target.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../sandbox/tenant/json.ts";
import { examineAt, startTarget, wholeKind, workplaceAt } from "./runs.ts";

const run = {
  day: "2026-11-28",
  version: "0.1.0",
  server: "microsoft",
  kind: wholeKind,
  readsOnly: false,
  options: ["directory-role"],
  requests: 400,
  minutes: 8,
  left: 0,
} as const;

const word = fc.stringMatching(/^[A-Z][a-z]{4,11}$/);

test("no name, ID or domain of the tenant gets into a report, wherever a tenant has it", async () => {
  await fc.assert(
    fc.asyncProperty(word, word, fc.uuid(), fc.nat(), async (name, label, tenantId, seed) => {
      const domain = `${label.toLowerCase()}.onmicrosoft.com`;
      const { target } = await startTarget(wholeKind, {
        tenantId,
        displayName: `${name} Holding`,
        initialDomain: domain,
        domains: [`${label.toLowerCase()}.example`],
      });
      const secrets = [
        name,
        `${name} Holding`,
        label,
        domain,
        tenantId,
        `admin@${domain}`,
        "5f0c8e1b-94d7-4a26-b3e9-7c2d1f6a8b05",
      ];
      let count = seed;
      const send: Send = async (request) => {
        const answer = await target.send(request);
        count += 1;
        // What is discovered, and what the run creates, stays as it is.
        if (
          !isJsonObject(answer.body) ||
          answer.status === 201 ||
          /organization|token$|appId%20eq/.test(request.url) ||
          count % 3 > 0
        )
          return answer;
        const spoiled = spoil(answer.body, secrets[count % secrets.length] ?? "");
        return answerOf(
          answer.status,
          { ...answer.headers, location: `https://${domain}/${tenantId}` },
          JSON.stringify(spoiled),
        );
      };
      const workplace = workplaceAt(
        { ...target, send },
        { limits: { requests: 2000, ms: 600_000, settleMs: 0 } },
      );
      const examined = await examineAt(workplace);
      const report = reportOf(
        { ...run, options: [...run.options], kind: examined.kind, results: examined.results },
        [...workplace.labels.values, ...examined.names],
      );
      expect(report.cases.filter(({ outcome }) => outcome === "different").length).toBeGreaterThan(10);
      const document = `${JSON.stringify(v.parse(Report, report))}${reportMarkdown(report)}`.toLowerCase();
      expect(secrets.filter((secret) => document.includes(secret.toLowerCase()))).toEqual([]);
      expect(document).not.toMatch(/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}|https?:|@\w+\.\w/);
      expect(readReport("report.json", JSON.stringify(report))).toEqual(report);
    }),
    { numRuns: 3, endOnFailure: true },
  );
}, 90_000);

/** The secret as a property's name, in values, and in the words and the code of an error. */
function spoil(body: JsonObject, secret: string): Json {
  const { error } = body;
  if (isJsonObject(error))
    return { ...body, error: { ...error, code: `Request_${secret}`, message: `Not for ${secret}.` } };
  const object = (one: JsonObject): JsonObject => ({
    ...one,
    [secret]: true,
    [`extension_${secret}_color`]: "blue",
    note: `of ${secret}`,
    word: secret,
    other: secret.replaceAll(/\W/g, ""),
    inner: { [`of${secret}`]: secret },
  });
  return Array.isArray(body.value)
    ? { ...body, value: body.value.map((item) => (isJsonObject(item) ? object(item) : item)) }
    : object(body);
}

test("what differs is in the report by the names and forms that services have, and free text is not", () => {
  const request = "PATCH /v1.0/applications/<plain.application>";
  const differences = [
    { request, what: "status", sandbox: "400", tenant: "403" },
    { request, what: "code", sandbox: "KeyCredentialsInvalidType", tenant: "InvalidKeyType" },
    { request, what: "words", sandbox: "One text.", tenant: "Another text." },
    {
      request,
      what: "keyCredentials[].type",
      sandbox: '"AsymmetricX509Cert"',
      tenant: '"X509CertAndPassword" or null',
    },
    { request, what: "extension_1234_color", sandbox: undefined, tenant: '"blue"' },
    { request, what: "displayName", sandbox: "text", tenant: '"Fabrikam"' },
  ];
  const report = reportOf(
    { ...run, options: [], results: [{ id: "a", outcome: "different", seconds: 3, differences }] },
    ["fabrikam"],
  );
  expect(report.cases[0]?.differences.map(({ request: _request, ...shown }) => shown)).toEqual([
    { what: "status", sandbox: "400", tenant: "403" },
    { what: "code", sandbox: "KeyCredentialsInvalidType", tenant: "InvalidKeyType" },
    { what: "words", sandbox: "words", tenant: "other words" },
    {
      what: "keyCredentials[].type",
      sandbox: '"AsymmetricX509Cert"',
      tenant: '"X509CertAndPassword" or null',
    },
    { what: "a property", sandbox: null, tenant: '"blue"' },
    { what: "displayName", sandbox: "text", tenant: "other text" },
  ]);
});

test("a report that names a tenant, or has another form, is not taken in", () => {
  const good = reportOf({ ...run, options: [], results: [] }, []);
  expect(readReport("report.json", JSON.stringify(good))).toEqual(good);
  expect(() => readReport("report.json", JSON.stringify({ ...good, version: "admin@contoso.com" }))).toThrow(
    'report.json must have no ID, domain or address, got "n@c". Remove it.',
  );
  expect(() => readReport("report.json", JSON.stringify({ ...good, name: "x" }))).toThrow(
    "report.json must be a report of npm run conformance, got name:",
  );
  expect(() => readReport("report.json", "{")).toThrow(
    "report.json must be a report of npm run conformance, got other text:",
  );
  const later = { ...good, day: "2026-11-29" };
  expect(withReport(withReport([later], good), good)).toEqual([good, later]);
});

test("the page says of each belief whether it is confirmed, refuted or open, as the newest report has it", () => {
  const where = "in a tenant of Microsoft 365 worldwide with Exchange Online and with Entra ID P2";
  expect(stateIn()).toBe("Open");
  expect(conformancePage([])).toContain("No report has come yet, so every belief is open.");
  expect(stateIn(reportWith("2026-11-28", "same"))).toBe(`Confirmed on 2026-11-28 ${where}`);
  expect(stateIn(reportWith("2026-11-28", "same", "other"))).toBe("Open");
  expect(stateIn(reportWith("2026-11-28", "same"), reportWith("2026-11-29", "different"))).toBe(
    `Refuted on 2026-11-29 ${where}`,
  );
  expect(stateIn(reportWith("2026-11-28", "same"), reportWith("2026-11-29", "notPermitted"))).toBe(
    `Confirmed on 2026-11-28 ${where}`,
  );
  expect(/\| `roleGroupQuota` \|.*\| (.*) \|/.exec(conformancePage([]))?.[1]).toBe(
    "Open, without a case. It takes 501 role-assignable groups",
  );
  expect(conformanceCases.some(({ id }) => id === "ellipticKeys")).toBe(true);
});

function reportWith(
  day: string,
  outcome: "same" | "different" | "notPermitted",
  server: "microsoft" | "other" = "microsoft",
): Report {
  const results = [{ id: "ellipticKeys", outcome, seconds: 0, differences: [] }];
  return { ...reportOf({ ...run, options: [], results }, []), day, server };
}

/** What the page says of one belief. */
function stateIn(...reports: readonly Report[]): string | undefined {
  return /\| `ellipticKeys` \|.*\| (.*) \|/.exec(conformancePage(reports))?.[1];
}

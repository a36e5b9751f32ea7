import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { statusView } from "../../../cli/views/statusView.ts";
import { status, type TenantStatus } from "../../../operations/status.ts";
import { stackStateOf } from "../../../stack/components.ts";
import { parseExport } from "../../../stack/exportedState.ts";
import { exportedComponent, exportOf } from "../../stack/exportedState.ts";

const state = stackStateOf(
  parseExport(
    exportOf([...exportedComponent("s", "p", "exchange"), ...exportedComponent("s", "p", "reports")]),
  ),
);
const none: ReadonlyMap<string, TenantStatus> = new Map();
const day = 86_400_000;
const ends = Date.parse("2027-10-01T00:00:00Z");

test.each([
  ["2027-09-30T23:59:59Z", 0],
  ["2027-09-30T00:00:00Z", 1],
  ["2027-09-29T23:59:59Z", 1],
  ["2027-10-01T00:00:00Z", 0],
  ["2027-10-01T00:00:01Z", -1],
])("at %s there are %i days left", (now, daysLeft) => {
  const [component] = status(state, state.components, none, new Date(now)).components;
  expect(component?.generations[0]).toMatchObject({ generation: "2", current: true, daysLeft });
});

test("expiring goes by the current certificate, to the millisecond", () => {
  const expiring = (before: number): readonly string[] =>
    status(state, state.components, none, new Date(ends - before), 30 * day).expiring;
  expect(expiring(30 * day)).toEqual([]);
  expect(expiring(30 * day - 1)).toEqual(["exchange", "reports"]);
  expect(expiring(-day)).toEqual(["exchange", "reports"]);
});

test("nothing expires where nobody asks", () => {
  expect(status(state, state.components, none, new Date(ends + day)).expiring).toEqual([]);
});

test("roles have names where we know them", () => {
  const [component] = state.components;
  const other = {
    ...component!,
    roleTemplateIds: ["29232cdf-9323-42fd-ade2-1d097af3e4de", "something else"],
  };
  expect(status(state, [other], none, new Date(ends)).components[0]?.roles).toEqual([
    "Exchange Administrator",
    "something else",
  ]);
});

test.each([
  [{ application: "present" }, "exists, not blocked"],
  [
    { application: "blocked" },
    "blocked: `isDisabled` is true, so nobody gets a token. Find out who blocked it, and why",
  ],
  [
    { application: "present", servicePrincipalDisabled: true },
    "exists, but its service principal is disabled: `accountEnabled` is false, so nobody gets a token. Find out who disabled it, and why",
  ],
  [
    { application: "recycleBin" },
    'deleted, in the recycle bin for 30 days (docs/recovery.md, "The application was deleted")',
  ],
  [{ application: "gone" }, 'deleted for good (docs/recovery.md, "The application was deleted")'],
  [{ notRead: "AADSTS700016: no such application" }, "not known: AADSTS700016: no such application"],
] as const)("what the tenant says: %j", (tenant, text) => {
  const result = status(state, state.components, new Map([["exchange", tenant]]), new Date(ends));
  expect(result.components.map((component) => component.tenant)).toEqual([
    tenant,
    { notRead: "with --quiet, the tenant is not read" },
  ]);
  const lines = stripVTControlCharacters(statusView(result)).split("\n");
  expect(lines).toContain(`  in the tenant      ${text}`);
});

test("a component without a certificate rotates and expires never, and says whom it trusts", () => {
  const job = { name: "job", issuer: "https://issuer.example", subject: "job", audience: "a" };
  const [resource] = exportedComponent("s", "p", "exchange");
  const { thumbprint: _, ...outputs } = resource!.outputs;
  const inputs = { permissions: [], roleTemplateIds: [], userRoles: [], federatedCredentials: [job] };
  const keyless = stackStateOf(parseExport(exportOf([{ ...resource, inputs, outputs }])));
  const result = status(keyless, keyless.components, none, new Date(ends), 30 * day);
  expect(result.expiring).toEqual([]);
  expect(result.components[0]).toMatchObject({ generations: [], federatedCredentials: [job] });
  expect(result.components[0]).not.toHaveProperty("nextRotation");
  expect(stripVTControlCharacters(statusView(result)).split("\n")).toEqual(
    expect.arrayContaining([
      "  next rotation      never: it has no certificate",
      "  federated          job: job of https://issuer.example",
    ]),
  );
});

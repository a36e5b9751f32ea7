import { expect, test } from "vitest";
import { compareFleet, type FleetHistory, historyOf } from "../../../operations/fleet/fleetChanges.ts";
import type { FleetDocument } from "../../../operations/fleet/fleetDocument.ts";
import { sampleFinding } from "../../cli/findings/sampleReport.ts";
import { cleanSection, failedDocument, sampleComponent, sampleDocument } from "../../cli/fleetSample.ts";

const secret = { ...sampleFinding(), check: "check 1", subject: "secret" };
const owner = { ...sampleFinding(), check: "check 1", subject: "owner" };
const clean = sampleDocument("a");
const attacked = sampleDocument("a", { audit: [{ ...cleanSection, findings: [secret] }] });
const nothing: FleetHistory = { stacks: [], open: [], resolved: [] };

/** The subjects of what a comparison tells. */
function told(
  documents: readonly FleetDocument[],
  before: FleetHistory,
  isWanted?: (stack: string) => boolean,
): Readonly<Record<string, unknown>> {
  const { appeared, cameBack, resolved, gone, unknown } = compareFleet(documents, before, isWanted).changes;
  const groups = Object.entries({ appeared, cameBack, resolved, gone, unknown }).filter(
    ([, group]) => group.length > 0,
  );
  return Object.fromEntries(
    groups.map(([name, group]) => [name, group.map(({ stack, subject }) => `${stack} ${subject}`)]),
  );
}

test("what was found in both is told by neither", () => {
  expect(told([attacked], historyOf([attacked]))).toEqual({});
});

test("a finding is new, resolved, and comes back", () => {
  expect(told([attacked], nothing)).toEqual({ appeared: ["a secret"] });
  const afterwards = compareFleet([clean], historyOf([attacked]));
  expect(afterwards.changes).toMatchObject({ resolved: [{ stack: "a", subject: "secret" }], unknown: [] });
  expect(told([attacked], afterwards.history)).toEqual({ cameBack: ["a secret"] });
  expect(told([clean], afterwards.history)).toEqual({});
  expect(told([attacked], compareFleet([clean], afterwards.history).history)).toEqual({
    cameBack: ["a secret"],
  });
});

test("a finding that came back can be resolved again, and is remembered once", () => {
  const resolved = compareFleet([clean], historyOf([attacked])).history;
  const back = compareFleet([attacked], resolved).history;
  expect(back).toMatchObject({ open: [{ subject: "secret" }], resolved: [] });
  expect(compareFleet([clean], back).history).toMatchObject({ open: [], resolved: [{ subject: "secret" }] });
});

test("another subject of one kind is another finding", () => {
  const other = sampleDocument("a", { audit: [{ ...cleanSection, findings: [owner] }] });
  expect(told([other], historyOf([attacked]))).toEqual({ appeared: ["a owner"], resolved: ["a secret"] });
});

test.each<readonly [string, readonly FleetDocument[]]>([
  ["the stack has no document", []],
  ["the stack could not be read", [failedDocument("a")]],
  ["the part was left out", [sampleDocument("a", { audit: undefined })]],
  [
    "the check was not done",
    [
      sampleDocument("a", {
        audit: [
          { ...cleanSection, unread: [{ check: "check 1", reason: "r", denied: true, optional: true }] },
          { ...cleanSection, name: "another" },
        ],
      }),
    ],
  ],
  [
    "the part could not be done",
    [
      sampleDocument("a", {
        audit: [
          {
            ...cleanSection,
            name: "stack",
            unread: [{ check: "Audit", reason: "r", denied: true, code: "EXO_AUTH_SIGN_IN" }],
          },
        ],
      }),
    ],
  ],
])("nothing is resolved where %s, and it is not new when it is seen again", (_name, documents) => {
  const { changes, history } = compareFleet(documents, historyOf([attacked]));
  expect(changes).toMatchObject({ resolved: [], unknown: [{ subject: "secret" }] });
  expect(told([attacked], history)).toEqual({});
  expect(told([clean], history)).toEqual({ resolved: ["a secret"] });
});

test("a stack that is not to be checked any more is told as removed with its findings, once", () => {
  const before = historyOf([attacked, sampleDocument("b")]);
  const { changes, history } = compareFleet([sampleDocument("b")], before, (stack) => stack === "b");
  expect(changes).toMatchObject({ gone: [{ subject: "secret" }], unknown: [], missing: [], removed: ["a"] });
  expect(history).toEqual({ stacks: ["b"], open: [], resolved: [] });
});

test("without a list of stacks, the second report in a row without a stack tells its findings as gone", () => {
  const first = compareFleet([sampleDocument("b")], historyOf([attacked, sampleDocument("b")]));
  expect(first.changes).toMatchObject({ missing: ["a"], removed: [], unknown: [{ subject: "secret" }] });
  const second = compareFleet([sampleDocument("b")], first.history);
  expect(second.changes).toMatchObject({ missing: [], gone: [{ subject: "secret" }], unknown: [] });
  expect(told([sampleDocument("b")], second.history)).toEqual({});
  // Where it is there again, it is told rather than forgotten.
  expect(told([attacked], second.history)).toEqual({ appeared: ["a secret"] });
});

test("a stack that is to be checked and could not be read keeps its findings, report after report", () => {
  const first = compareFleet([failedDocument("a")], historyOf([attacked]), () => true);
  expect(told([failedDocument("a")], first.history, () => true)).toEqual({ unknown: ["a secret"] });
});

test.each<readonly [string, FleetDocument]>([
  [
    "another check was not done",
    sampleDocument("a", {
      audit: [{ ...cleanSection, unread: [{ check: "check 2", reason: "r", denied: true }] }],
    }),
  ],
  [
    "the check was not done for another component",
    sampleDocument("a", {
      audit: [
        cleanSection,
        { ...cleanSection, name: "another", unread: [{ check: "check 1", reason: "r", denied: true }] },
      ],
    }),
  ],
  ["the component is gone", sampleDocument("a", { audit: [{ ...cleanSection, name: "another" }] })],
  ["the stack is empty", failedDocument("a", { code: "EXO_AUTH_NO_COMPONENT", message: "m" })],
])("a finding is resolved where %s", (_name, document) => {
  expect(told([document], historyOf([attacked]))).toEqual({ resolved: ["a secret"] });
});

function withTenant(tenant: ReturnType<typeof sampleComponent>["tenant"]): FleetDocument {
  return sampleDocument("a", { components: [{ ...sampleComponent(), tenant }] });
}

test("a block is compared by what the tenant answered", () => {
  const blocked = historyOf([withTenant({ application: "blocked" })]);
  const id = sampleComponent().appId;
  expect(told([withTenant({ application: "present" })], blocked)).toEqual({ resolved: [`a ${id}`] });
  expect(told([withTenant({ notRead: "r" })], blocked)).toEqual({ unknown: [`a ${id}`] });
  expect(told([sampleDocument("a", { components: undefined })], blocked)).toEqual({ unknown: [`a ${id}`] });
  expect(told([sampleDocument("a", { components: [] })], blocked)).toEqual({ resolved: [`a ${id}`] });
});

test("what one component's tenant did not answer says nothing of another's", () => {
  const blocked = historyOf([withTenant({ application: "blocked" })]);
  const other = { ...sampleComponent(), component: "another", tenant: { notRead: "r" } };
  const document = sampleDocument("a", { components: [other, sampleComponent()] });
  expect(told([document], blocked)).toEqual({ resolved: [`a ${sampleComponent().appId}`] });
});

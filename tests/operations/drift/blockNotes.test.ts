import { expect, test } from "vitest";
import { childTypes, componentType } from "../../../common/typeTokens.ts";
import { blockNotes } from "../../../operations/drift/blockNotes.ts";
import { parsePlan, type PlanStep } from "../../../stack/plan.ts";
import type { TenantStatus } from "../../../operations/status.ts";

const outputs = {
  appId: "APP",
  tenantId: "TENANT",
  tenantDomain: "contoso.onmicrosoft.us",
  applicationObjectId: "OBJECT",
  servicePrincipalObjectId: "PRINCIPAL",
};

test("a blocked application is named, and nobody is told to lift the block", async () => {
  const asked: unknown[] = [];
  const notes = await blockNotes(stepsOf("exchange", outputs), async (application) => {
    asked.push(application);
    return { application: "blocked" };
  });
  expect(asked).toEqual([{ ...outputs, name: "exchange", isOwn: true, cloud: "usGovernmentHigh" }]);
  expect(notes).toEqual(
    new Map([
      [
        "exchange",
        [
          'Application APP of component "exchange" is blocked: its `isDisabled` is true, so Entra gives nobody a token for it. Find out who blocked it, and why. They decide when the block ends (docs/recovery.md, "A key was stolen").',
        ],
      ],
    ]),
  );
});

test.each<[TenantStatus, readonly string[]]>([
  [{ application: "present" }, []],
  [{ application: "present", servicePrincipalDisabled: true }, []],
  [{ application: "recycleBin" }, []],
  [
    { notRead: "The network is down." },
    ["Whether the application is blocked was not read: The network is down."],
  ],
])("%j", async (status, notes) => {
  const found = await blockNotes(stepsOf("exchange", outputs), async () => status);
  expect(found.get("exchange")).toEqual(notes);
});

test("a disabled service principal of an application that the stack does not manage is named, blocked or not", async () => {
  const [component] = stepsOf("exchange", outputs);
  const noted = async (application: "present" | "blocked") =>
    (await blockNotes([component!], async () => ({ application, servicePrincipalDisabled: true }))).get(
      "exchange",
    );
  const disabled =
    "The service principal is disabled: `accountEnabled` is false, so nobody gets a token. Find out who disabled it, and why.";
  expect(await noted("present")).toEqual([disabled]);
  expect(await noted("blocked")).toEqual([
    'Application APP of component "exchange" is blocked: its `isDisabled` is true, so Entra gives nobody a token for it. Find out who blocked it, and why. They decide when the block ends (docs/recovery.md, "A key was stolen").',
    disabled,
  ]);
});

test("a component that no update has finished is not asked for", async () => {
  const { tenantId: _, ...half } = outputs;
  const found = await blockNotes(stepsOf("exchange", half), () => Promise.reject(new Error("asked")));
  expect(found.size).toBe(0);
});

function stepsOf(name: string, componentOutputs: object): readonly PlanStep[] {
  const urn = `urn:pulumi:s::p::${componentType}::${name}`;
  const application = `urn:pulumi:s::p::${componentType}$${childTypes.application}::${name}`;
  const steps = [
    { op: "refresh", urn, oldState: { urn, type: componentType, outputs: componentOutputs } },
    {
      op: "refresh",
      urn: application,
      oldState: { urn: application, type: childTypes.application, parent: urn, custom: true },
    },
  ];
  return parsePlan(JSON.stringify({ steps }))!.steps;
}

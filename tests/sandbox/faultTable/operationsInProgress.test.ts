import { expect, test } from "vitest";

import { OperationsInProgress } from "../../../sandbox/faultTable/operationsInProgress.ts";

const event = (kind: string, urn: string, custom?: boolean): string =>
  `${JSON.stringify({ sequence: 1, [kind]: { metadata: { op: "create", urn, new: custom === undefined ? {} : { custom } } } })}\n`;

test("counts resources whose operation has begun, until it has ended or failed", () => {
  const operations = new OperationsInProgress();
  const counts = [
    event("resourcePreEvent", "application", true),
    event("resourcePreEvent", "key", true),
    event("resOutputsEvent", "key", true),
    event("resOpFailedEvent", "application", true),
  ].map((line) => {
    operations.read(line);
    return operations.count;
  });
  expect(counts).toEqual([1, 2, 1, 0]);
});

test("leaves out components, whose end is their program's, and what is no event", () => {
  const operations = new OperationsInProgress();
  operations.read(`warning: something\n${event("resourcePreEvent", "component")}`);
  expect(operations.count).toBe(0);
});

test("reads lines that come in pieces, and what is removed", () => {
  const operations = new OperationsInProgress();
  const line = `${JSON.stringify({ resourcePreEvent: { metadata: { op: "delete", urn: "old", old: { custom: true }, new: null } } })}\n`;
  operations.read(line.slice(0, 20));
  expect(operations.count).toBe(0);
  operations.read(line.slice(20));
  expect(operations.count).toBe(1);
});

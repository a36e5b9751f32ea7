import fc from "fast-check";
import { expect, test } from "vitest";
import { ledgerGroups, ledgerText } from "../../../operations/grant/ledger.ts";
import {
  assignmentName,
  isOwn,
  type Owner,
  ownName,
  principalName,
  scopeName,
} from "../../../operations/grant/ownNames.ts";

const owner: Owner = {
  project: "exchange-auth",
  stack: "contoso",
  component: "exchange",
  servicePrincipalObjectId: "6233fba6-0198-4277-892f-9275bf728bcc",
};
const role = { role: "Mail Recipients", recipientFilter: "Department -eq 'Sales'" };

test("names say whose they are, and end in a hash that stays the same", () => {
  expect(ownName(owner)).toBe("exo-auth exchange ab030863c9");
  expect(principalName(owner)).toBe("exo-auth application of exchange ab030863c9");
  expect(assignmentName(owner, role)).toBe("Mail Recipients ab030863c9 7d604fa1");
  expect(scopeName(owner, role.recipientFilter)).toBe("exo-auth exchange ab030863c9 fffc6891");
});

test("no name is longer than Exchange takes, and the hash stays whole", () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 200, unit: "grapheme" }),
      fc.string({ maxLength: 100 }),
      (component, name) => {
        const long = { ...owner, component };
        for (const one of [assignmentName(long, { role: name }), scopeName(long, name)]) {
          expect(one.length).toBeLessThanOrEqual(64);
          expect(isOwn(long, one)).toBe(true);
        }
        for (const one of [ownName(long), principalName(long)]) {
          expect(one.length).toBeLessThanOrEqual(64);
          expect(one).toMatch(/ [0-9a-f]{10}$/);
        }
        expect(ownName(long)).not.toBe(principalName(long));
      },
    ),
  );
});

test.each<[string, Partial<Owner>]>([
  ["project", { project: "other" }],
  ["stack", { stack: "fabrikam" }],
  ["component", { component: "exchange2" }],
  ["application", { servicePrincipalObjectId: "00000000-0198-4277-892f-9275bf728bcc" }],
])("another %s has other names, and takes none of these for its own", (_what, change) => {
  const other = { ...owner, ...change };
  expect(ownName(other)).not.toBe(ownName(owner));
  expect(assignmentName(other, role)).not.toBe(assignmentName(owner, role));
  expect(isOwn(other, assignmentName(owner, role))).toBe(false);
  expect(isOwn(other, scopeName(owner, "x"))).toBe(false);
});

test("another filter, or an administrative unit, is another assignment", () => {
  const unit = { role: role.role, administrativeUnit: "0b1c2d3e-4f50-4172-8394-a5b6c7d8e9f0" };
  const names = [role, { role: role.role }, unit].map((one) => assignmentName(owner, one));
  expect(new Set(names).size).toBe(3);
  expect(assignmentName(owner, { ...role, role: "mail recipients" })).toMatch(/7d604fa1$/);
});

test("the description tells the groups, and another's description tells nothing", () => {
  const groups = ["Help Desk", "A. B. group."];
  expect(ledgerGroups(owner, ledgerText(owner, groups))).toEqual(["A. B. group.", "Help Desk"]);
  expect(ledgerGroups(owner, ledgerText(owner, []))).toEqual([]);
  expect(ledgerGroups(owner, "")).toBeUndefined();
  expect(ledgerGroups({ ...owner, stack: "fabrikam" }, ledgerText(owner, groups))).toBeUndefined();
  expect(ledgerGroups(owner, `${ledgerText(owner, groups)} And more`)).toBeUndefined();
});

test("a long name is cut so that 64 characters are left, without a blank before the hash", () => {
  const long = { ...owner, component: `${"x".repeat(43)} ${"y".repeat(20)}` };
  expect(ownName(long)).toMatch(/^exo-auth x{43} [0-9a-f]{10}$/);
  expect(ownName({ ...owner, component: "z".repeat(80) })).toMatch(/^exo-auth z{44} [0-9a-f]{10}$/);
  expect(ownName({ ...owner, component: "z".repeat(80) })).toHaveLength(64);
});

test("a description of several lines is none of ours", () => {
  const text = ledgerText(owner, ["a"]);
  expect(ledgerGroups(owner, text)).toEqual(["a"]);
  expect(ledgerGroups(owner, text.replace("a.", "a\nb."))).toBeUndefined();
});

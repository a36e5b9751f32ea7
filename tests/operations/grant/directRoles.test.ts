import { expect, test } from "vitest";

import type { RoleAssignment } from "../../../graph/exchangeRoles.ts";
import type { DeclaredRole } from "../../../operations/grant/declaredRoles.ts";
import { heldDirectly } from "../../../operations/grant/directRoles.ts";
import { assignmentOf } from "./ownRoles.ts";

const role = "Mail Recipients";
const unit = "5d1c8a30-7b2e-4f9a-8c61-d09e3b7a52c4";
const filter = "Department -eq 'Sales'";
const scopes = [
  { name: "Theirs", recipientFilter: "Department -eq 'IT'" },
  { name: "Sellers", recipientFilter: filter },
];
const held = assignmentOf("by hand", role);
const inUnit = { ...held, scopeKind: "AdministrativeUnit", scope: unit.toUpperCase() };
const over = (scope: string): RoleAssignment => ({ ...held, scopeKind: "CustomRecipientScope", scope });

test.each<[string, DeclaredRole, RoleAssignment]>([
  ["over everybody", { role: role.toUpperCase() }, held],
  ["over an administrative unit", { role, administrativeUnit: unit }, inUnit],
  ["over recipients", { role, recipientFilter: "department -eq 'Sales'" }, over("Sellers")],
])("a role is held as declared: %s", (_how, declared, one) => {
  expect(heldDirectly(declared, { direct: [{ ...held, role: "Journaling" }, one], scopes })).toBe(one);
});

test.each<[string, DeclaredRole, RoleAssignment]>([
  ["to be given to others only", { role }, { ...held, isDelegating: true }],
  ["switched off", { role }, { ...held, isDisabled: true }],
  ["another one", { role: "Journaling" }, held],
  ["over a unit, and everybody is declared", { role }, inUnit],
  ["over a unit without an ID, and everybody is declared", { role }, { ...inUnit, scope: "" }],
  ["over some, and everybody is declared", { role }, over("Sellers")],
  ["over everybody, and a unit is declared", { role, administrativeUnit: unit }, held],
  [
    "over a scope with the unit's ID as its name",
    { role, administrativeUnit: unit },
    { ...inUnit, scopeKind: "CustomRecipientScope" },
  ],
  [
    "over another unit",
    { role, administrativeUnit: unit },
    { ...inUnit, scope: unit.replace("5d1c8a30", "5d1c8a31") },
  ],
  [
    "over a unit that is shown by its name, which anybody may choose",
    { role, administrativeUnit: "Sales" },
    { ...inUnit, scope: "Sales" },
  ],
  [
    "over a unit, and recipients are declared",
    { role, recipientFilter: filter },
    { ...inUnit, scope: "Sellers" },
  ],
  ["over everybody, and recipients are declared", { role, recipientFilter: filter }, held],
  ["over other recipients", { role, recipientFilter: filter }, over("Theirs")],
  ["over a scope that is not known", { role, recipientFilter: filter }, over("Gone")],
])("a role is not held as declared: %s", (_how, declared, one) => {
  expect(heldDirectly(declared, { direct: [one], scopes })).toBeUndefined();
});

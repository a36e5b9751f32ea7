import { expect, test } from "vitest";
import { earlierGroups } from "../../../operations/grant/earlierGroups.ts";
import { ledgerText } from "../../../operations/grant/ledger.ts";
import { ownName, type Owner } from "../../../operations/grant/ownNames.ts";

const owner: Owner = {
  project: "exchange-auth",
  stack: "contoso",
  component: "exchange",
  servicePrincipalObjectId: "6233fba6-0198-4277-892f-9275bf728bcc",
};
const other = "6233fba6-0198-4277-892f-9275bf728bcd";

/** A role group as the command makes it. */
const made = (before: Owner, groups: readonly string[] = []) => ({
  name: ownName(before),
  description: ledgerText(before, groups),
});

test.each<[string, Partial<Owner>, string]>([
  ["stack", { stack: "old" }, "exchange-auth/old, component exchange"],
  ["project", { project: "old" }, "old/contoso, component exchange"],
  ["component", { component: "a. Member of: b" }, "exchange-auth/contoso, component a. Member of: b"],
])("a %s of another name, and this application", (_what, before, whose) => {
  for (const groups of [[], ["Help Desk", "x. Member of: y"]]) {
    const group = made({ ...owner, ...before }, groups);
    expect(earlierGroups([group, made(owner)], owner)).toEqual([
      {
        name: group.name,
        about: `was created by exo-auth for ${whose}, with this application. If that stack was renamed or is gone, remove it`,
        removal: `Remove-RoleGroup -Identity '${group.name}' -Confirm:$false`,
      },
    ]);
  }
});

test("another application, or none that is there any more", () => {
  const group = made({ ...owner, servicePrincipalObjectId: other });
  const about =
    "was created for this component with another application, or somebody renamed it. If nothing uses it, remove it";
  expect(earlierGroups([group], owner)).toEqual([expect.objectContaining({ name: group.name, about })]);
  expect(earlierGroups([group], { ...owner, servicePrincipalObjectId: undefined })).toEqual([
    expect.objectContaining({ name: group.name, about }),
  ]);
});

test("a description that somebody wrote proves nothing of another name", () => {
  const group = made({ ...owner, stack: "old" });
  expect(earlierGroups([{ ...group, name: "exo-auth exchange 0123456789" }], owner)).toEqual([]);
  expect(earlierGroups([{ ...group, description: "Made by hand." }], owner)).toEqual([]);
  for (const description of [`Copy. ${group.description}`, `${group.description} No.`])
    expect(earlierGroups([{ ...group, description }], owner)).toEqual([]);
  // Another component's, with another application.
  expect(earlierGroups([made({ ...owner, stack: "old", servicePrincipalObjectId: other })], owner)).toEqual(
    [],
  );
  expect(earlierGroups([group], { ...owner, servicePrincipalObjectId: undefined })).toEqual([]);
});

import { expect, test } from "vitest";
import {
  auditSample,
  beside,
  declared,
  objects,
  type PartName,
  rolesAddress,
  furtherBody,
} from "../sampleAccess.ts";

const custom = "c0c0c0c0-0000-4000-8000-000000000001";
const builtIn = "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3";
const read = "microsoft.directory/applications/standard/read";
const write = "microsoft.directory/applications/credentials/update";

/** A role that somebody holds, as Graph expands it. */
function held(definition: object | null, others: object = {}) {
  return {
    id: "assignment-9",
    principalId: objects.servicePrincipalObjectId,
    roleDefinitionId: custom,
    directoryScopeId: "/",
    roleDefinition: definition,
    ...others,
  };
}

function allowing(...actions: readonly string[]): object {
  return {
    displayName: "Helpers",
    isBuiltIn: false,
    isEnabled: true,
    rolePermissions: [{ allowedResourceActions: actions, condition: null }],
  };
}

/** The subjects of what is found where a part lists one role. */
async function subjects(part: PartName, role: object): Promise<readonly string[]> {
  const { section } = await auditSample({ [part]: { value: [role] } });
  return section.findings.filter(({ id }) => !/MISSING$|CUSTOM/.test(id)).map(({ subject }) => subject);
}

const later = { scheduleInfo: { startDateTime: "2027-01-01T00:00:00Z" } };

test.each<[PartName, object]>([
  ["roles", {}],
  ["rolesOverApplication", {}],
  ["rolesOverServicePrincipal", {}],
  ["eligibilities", {}],
  ["eligibilitiesOverApplication", {}],
  ["eligibilitiesOverServicePrincipal", {}],
  ["roleSchedules", later],
  ["schedulesOverApplication", later],
  ["schedulesOverServicePrincipal", later],
])("what a custom role in %s allows is part of what is accepted", async (part, others) => {
  const of = async (definition: object | null, change: object = {}): Promise<string> => {
    const [subject, ...rest] = await subjects(part, held(definition, { ...others, ...change }));
    expect(rest).toEqual([]);
    return subject ?? "";
  };
  const accepted = await of(allowing(read, "x/y"));
  expect(accepted).toMatch(/ [0-9a-f]{32}$/);
  expect(await of(allowing("x/y", read))).toBe(accepted);
  expect(await of({ ...allowing(read, "x/y"), displayName: "Helpers, renamed" })).toBe(accepted);
  expect(await of(allowing(read, "x/y", write))).not.toBe(accepted);
  expect(await of({ ...allowing(read, "x/y"), isEnabled: false })).not.toBe(accepted);
  const unconditional = [{ allowedResourceActions: [read, "x/y"], condition: "$SubjectIsOwner" }];
  expect(await of({ ...allowing(), rolePermissions: unconditional })).not.toBe(accepted);
  // Who does not see what it allows accepts nothing that was seen.
  expect(await of(null)).not.toBe(accepted);
});

test("what Microsoft changes in a built-in role ends no acceptance", async () => {
  const key = `${objects.servicePrincipalObjectId} ${builtIn} /`;
  const others = { roleDefinitionId: builtIn };
  expect(await subjects("roles", held({ ...allowing(read), isBuiltIn: true }, others))).toEqual([key]);
  expect(await subjects("roles", held(null, others))).toEqual([key]);
});

test("a custom role is named, with its ID", async () => {
  const { section } = await auditSample({ roles: { value: [held(allowing(read))] } });
  expect(section.findings.find(({ id }) => id === "EXO-AUDIT-ROLE")?.found).toBe(
    `role "Helpers", ID ${custom} over the whole tenant`,
  );
});

/** The subjects of what is found where the sample's group holds a custom role. */
async function through(...actions: readonly string[]): Promise<readonly string[]> {
  const follow = async (url: string): Promise<unknown> =>
    url === rolesAddress("carrying-1") ? { value: [held(allowing(...actions))] } : furtherBody(url);
  const { section } = await auditSample({}, {}, follow);
  return section.findings.filter(({ id }) => id === "EXO-AUDIT-ROLE").map(({ subject }) => subject);
}

test("a custom role that a group of the application holds is accepted as it is now", async () => {
  expect(await through(read)).toEqual(await through(read));
  expect(await through(read, write)).not.toEqual(await through(read));
});

const from = (startDateTime: string, expiration?: object) => ({
  scheduleInfo: { startDateTime, expiration },
});
const until = (endDateTime: string) => ({ type: "afterDateTime", endDateTime, duration: null });

test.each<[PartName]>([
  ["eligibilities"],
  ["eligibilitiesOverApplication"],
  ["roleSchedules"],
  ["schedulesOverServicePrincipal"],
])("the times of %s are part of what is accepted", async (part) => {
  const of = async (times: object) => subjects(part, held(null, { roleDefinitionId: builtIn, ...times }));
  const accepted = await of(from("2027-01-01T00:00:00Z", until("2027-02-01T00:00:00Z")));
  expect(accepted).toHaveLength(1);
  expect(await of(from("2027-01-01T00:00:00.000Z", until("2027-02-01T00:00:00.0Z")))).toEqual(accepted);
  expect(await of(from("2027-01-01T00:00:00Z", until("2028-02-01T00:00:00Z")))).not.toEqual(accepted);
  expect(await of(from("2027-01-01T00:00:00Z", { type: "noExpiration" }))).not.toEqual(accepted);
  expect(await of(from("2026-12-01T00:00:00Z", until("2027-02-01T00:00:00Z")))).not.toEqual(accepted);
});

/** The first of each. */
function subjectsOf(found: readonly (readonly unknown[])[]): readonly unknown[] {
  return found.map(([subject]) => subject);
}

test.each<[PartName]>([["groupEligibilities"], ["groupSchedules"]])(
  "the roles that a group of %s carries are part of what is accepted",
  async (part) => {
    const place = {
      groupId: "group-9",
      principalId: objects.servicePrincipalObjectId,
      accessId: "member",
      ...from("2027-01-01T00:00:00Z"),
    };
    const of = async (roles: readonly object[]) => {
      const follow = async (url: string): Promise<unknown> =>
        url === rolesAddress("group-9") ? { value: roles } : furtherBody(url);
      const { section } = await auditSample({ [part]: { value: [place] } }, {}, follow);
      return section.findings.map(({ subject, found }) => [subject, found.split(", which holds ")[1]]);
    };
    const none = await of([]);
    expect(none).toEqual([[expect.stringMatching(/^group-9 member [0-9a-f]{32}$/), undefined]]);
    const one = await of([held(allowing(read))]);
    expect(one).toEqual([[expect.any(String), `role "Helpers", ID ${custom} over the whole tenant`]]);
    expect(subjectsOf(one)).not.toEqual(subjectsOf(none));
    expect(subjectsOf(await of([held(allowing(read, write))]))).not.toEqual(subjectsOf(one));
    expect(subjectsOf(await of([held(allowing(read))]))).toEqual(subjectsOf(one));
  },
);

/** What is found of custom roles where a part lists one, and the stack declares more than the sample. */
async function customRoles(
  part: PartName,
  role: object,
  more: Readonly<Record<string, readonly string[]>> = {},
): Promise<readonly (readonly string[])[]> {
  const sample = declared();
  const keys = new Map([
    ...sample.keys,
    ...Object.entries(more).map(
      ([id, added]) => [id, new Set([...(sample.keys.get(id) ?? []), ...added])] as const,
    ),
  ]);
  const { section } = await auditSample({ [part]: { value: [role] } }, { declared: { ...sample, keys } });
  return section.findings
    .filter(({ id }) => id === "EXO-AUDIT-CUSTOM-ROLE" || id.endsWith("ROLE"))
    .map(({ id, subject, found }) => [id, subject, found]);
}

test.each<[PartName, string]>([
  ["roles", "EXO-AUDIT-ROLE"],
  ["rolesOverApplication", "EXO-AUDIT-SCOPED-ROLE"],
])("what a custom role in %s allows is found where the stack gives the role", async (part, rule) => {
  const given = { [rule]: [`${objects.servicePrincipalObjectId} ${custom} /`] };
  const of = async (...actions: readonly string[]) => customRoles(part, held(allowing(...actions)), given);
  const [[id, accepted = "", found] = [], ...rest] = await of(write, read);
  expect([id, found, rest]).toEqual([
    "EXO-AUDIT-CUSTOM-ROLE",
    `"Helpers", ID ${custom}, which allows ${write}, ${read}`,
    [],
  ]);
  expect(accepted).toMatch(new RegExp(`^${custom} [0-9a-f]{32}$`));
  // An acceptance ends when what it allows changes, and not when Graph lists it otherwise.
  expect((await of(read, write))[0]?.[1]).toBe(accepted);
  expect((await of(read))[0]?.[1]).not.toBe(accepted);
});

/** What a stack declares that gives the role and defines it. */
function definedRole(enabled: boolean): Readonly<Record<string, readonly string[]>> {
  const resource = beside("azuread:index/customDirectoryRole:CustomDirectoryRole", {
    objectId: custom,
    enabled,
    permissions: [{ allowedResourceActions: ["x/y", read] }],
  });
  return {
    "EXO-AUDIT-ROLE": [`${objects.servicePrincipalObjectId} ${custom} /`],
    "EXO-AUDIT-CUSTOM-ROLE": [...(declared(resource).keys.get("EXO-AUDIT-CUSTOM-ROLE") ?? [])],
  };
}

test("what a custom role allows is declared by the stack that defines it, until somebody changes it", async () => {
  const given = definedRole(true);
  expect(await customRoles("roles", held(allowing(read, "x/y")), given)).toEqual([]);
  expect(await customRoles("roles", held(allowing(read, "x/y", write)), given)).toHaveLength(1);
  expect(
    await customRoles("roles", held({ ...allowing(read, "x/y"), isEnabled: false }), given),
  ).toHaveLength(1);
  // Somebody has enabled it.
  expect(await customRoles("roles", held(allowing(read, "x/y")), definedRole(false))).toHaveLength(1);
});

test("a custom role of many actions names ten of them, and one of none says so", async () => {
  const actions = Array.from({ length: 13 }, (_, index) => `x/${String(index).padStart(2, "0")}`);
  const [[, , many] = []] = await customRoles("roleSchedules", held(allowing(...actions), later));
  expect(many).toBe(
    `"Helpers", ID ${custom}, which allows ${actions.slice(0, 10).join(", ")}, and 3 other actions`,
  );
  const [[, , none] = []] = await customRoles("roleSchedules", held(allowing(), later));
  expect(none).toBe(`"Helpers", ID ${custom}, which allows nothing`);
});

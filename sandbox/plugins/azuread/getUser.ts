import { Diagnostic, type FunctionType } from "../protocol/resource.ts";
import { computed, flag, list, optional, text, type Fields } from "../protocol/schema.ts";
import type { Properties } from "../protocol/values.ts";
import { attempt, unlessGone } from "./attempt.ts";
import type { Client } from "./client.ts";
import { flagOf, stringIn, textOf, textsOf, type Json } from "./json.ts";
import { lookupTimeout as timeout } from "./lookups.ts";

/** A user's texts by Pulumi's names, with Graph's where they differ. */
const texts: Readonly<Record<string, string>> = {
  ageGroup: "ageGroup",
  city: "city",
  companyName: "companyName",
  consentProvidedForMinor: "consentProvidedForMinor",
  country: "country",
  creationType: "creationType",
  department: "department",
  displayName: "displayName",
  employeeHireDate: "employeeHireDate",
  employeeId: "employeeId",
  employeeType: "employeeType",
  externalUserState: "externalUserState",
  faxNumber: "faxNumber",
  givenName: "givenName",
  jobTitle: "jobTitle",
  mail: "mail",
  mailNickname: "mailNickname",
  mobilePhone: "mobilePhone",
  objectId: "id",
  officeLocation: "officeLocation",
  onpremisesDistinguishedName: "onPremisesDistinguishedName",
  onpremisesDomainName: "onPremisesDomainName",
  onpremisesImmutableId: "onPremisesImmutableId",
  onpremisesSamAccountName: "onPremisesSamAccountName",
  onpremisesSecurityIdentifier: "onPremisesSecurityIdentifier",
  onpremisesUserPrincipalName: "onPremisesUserPrincipalName",
  postalCode: "postalCode",
  preferredLanguage: "preferredLanguage",
  state: "state",
  streetAddress: "streetAddress",
  surname: "surname",
  usageLocation: "usageLocation",
  userPrincipalName: "userPrincipalName",
  userType: "userType",
};
const flags: Readonly<Record<string, string>> = {
  accountEnabled: "accountEnabled",
  onpremisesSyncEnabled: "onPremisesSyncEnabled",
  showInAddressList: "showInAddressList",
};
const lists = ["businessPhones", "imAddresses", "otherMails", "proxyAddresses"];

/** What Graph is asked for: it shows only some properties of a user by itself. */
const selection = [...Object.values(texts), ...Object.values(flags), ...lists, "employeeOrgData"].toSorted(
  (left, right) => (left.toLowerCase() < right.toLowerCase() ? -1 : 1),
);

/** How a user may be named, in the order in which the official plugin looks. */
const keys = [
  {
    name: "userPrincipalName",
    none: (value: string) => `User with UPN "${value}" was not found`,
    many: "More than one user found with UPN",
  },
  { name: "objectId", none: (value: string) => `User not found with object ID: "${value}"`, many: "" },
  {
    name: "mail",
    none: (value: string) => `User not found with mail: "${value}"`,
    many: "More than one user found with mail",
  },
  {
    name: "mailNickname",
    none: (value: string) => `User not found with email alias: "${value}"`,
    many: "More than one user found with email alias",
  },
  {
    name: "employeeId",
    none: (value: string) => `User not found with employee ID: "${value}"`,
    many: "More than one user found with employee ID",
  },
] as const;

const outputs: Fields = {
  ...Object.fromEntries(Object.keys(texts).map((name) => [name, computed(text)])),
  ...Object.fromEntries(Object.keys(flags).map((name) => [name, computed(flag)])),
  ...Object.fromEntries(lists.map((name) => [name, computed(list(text))])),
  costCenter: computed(text),
  division: computed(text),
  id: computed(text),
  managerId: computed(text),
};

/** `azuread.getUser`: looks a user up by one of several names. */
export const getUser: FunctionType<Client> = {
  inputs: Object.fromEntries(keys.map(({ name }) => [name, optional(text)])),
  outputs,
  async call({ graph }, inputs) {
    const path = `/users/${await findId({ graph }, inputs)}`;
    const name = `User (User: "${path.slice("/users/".length)}")`;
    const query = { $select: selection.join(",") };
    const user = (await attempt(`Retrieving ${name}`, graph.send("GET", path, { query, timeout }))) ?? {};
    const manager = await attempt(
      `Could not retrieve manager for ${name}`,
      unlessGone(graph.send("GET", `${path}/manager`, { timeout })),
    );
    return { ...stateOf(user), id: path, managerId: textOf(manager, "id") };
  },
};

async function findId({ graph }: Pick<Client, "graph">, inputs: Properties): Promise<string> {
  const key = keys.find(({ name }) => stringIn(inputs, name) !== "");
  if (key === undefined) {
    throw new Diagnostic(
      "One of `object_id`, `user_principal_name`, `mail_nickname` or `employee_id` must be supplied",
    );
  }
  const value = stringIn(inputs, key.name);
  if (key.name === "objectId") {
    const summary = `Retrieving user with object ID: "${value}"`;
    const user = await attempt(summary, unlessGone(graph.send("GET", `/users/${value}`, { timeout })));
    if (user === undefined) throw new Diagnostic(key.none(value));
    return textOf(user, "id");
  }
  const $filter = `${key.name} eq '${value.replaceAll("'", "''")}'`;
  const users = await attempt(
    `Finding user with ${key.name}: "${value}"`,
    graph.list("/users", { query: { $filter }, timeout }),
  );
  if (users.length > 1) throw new Diagnostic(`${key.many}: "${value}"`);
  if (users[0] === undefined) throw new Diagnostic(key.none(value));
  return textOf(users[0], "id");
}

function stateOf(user: Json): Properties {
  return {
    ...Object.fromEntries(Object.entries(texts).map(([name, member]) => [name, textOf(user, member)])),
    ...Object.fromEntries(Object.entries(flags).map(([name, member]) => [name, flagOf(user, member)])),
    ...Object.fromEntries(lists.map((name) => [name, textsOf(user, name)])),
  };
}

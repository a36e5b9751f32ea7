import { Diagnostic, type FunctionType } from "../protocol/resource.ts";
import { computed, flag, list, optional, text, type Fields } from "../protocol/schema.ts";
import type { Properties } from "../protocol/values.ts";
import { attempt, unlessGone } from "./attempt.ts";
import { filled, guid } from "./checks.ts";
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

/** How a user may be named, in the order in which the official plugin looks, and what it calls each. */
const keys = [
  { name: "userPrincipalName", attribute: "user_principal_name", label: "UPN" },
  { name: "objectId", attribute: "object_id", label: "object ID" },
  { name: "mail", attribute: "mail", label: "mail" },
  { name: "mailNickname", attribute: "mail_nickname", label: "email alias" },
  { name: "employeeId", attribute: "employee_id", label: "employee ID" },
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
  inputs: {
    employeeId: optional(filled),
    mail: optional(filled),
    mailNickname: optional(filled),
    objectId: optional(guid),
    userPrincipalName: optional(filled),
  },
  outputs,
  exactlyOneOf: keys.map(({ name }) => name),
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
  const key = keys.find(({ name }) => stringIn(inputs, name) !== "") ?? keys[0];
  const value = stringIn(inputs, key.name);
  const users = await (key.name === "objectId" ? findById({ graph }, value) : findBy({ graph }, key, value));
  const [user] = users;
  if (users.length > 1)
    throw new Diagnostic(`More than one user found with ${key.label}: "${value}"`, undefined, key.attribute);
  if (user !== undefined) return textOf(user, "id");
  const missing =
    key.name === "userPrincipalName"
      ? `User with UPN "${value}" was not found`
      : `User not found with ${key.label}: "${value}"`;
  throw new Diagnostic(missing, undefined, key.attribute);
}

async function findById({ graph }: Pick<Client, "graph">, id: string): Promise<Json[]> {
  const summary = `Retrieving user with object ID: "${id}"`;
  const user = await attempt(summary, unlessGone(graph.send("GET", `/users/${id}`, { timeout })));
  return user === undefined ? [] : [user];
}

async function findBy(
  { graph }: Pick<Client, "graph">,
  key: (typeof keys)[number],
  value: string,
): Promise<Json[]> {
  const $filter = `${key.name} eq '${value.replaceAll("'", "''")}'`;
  const found = graph.list("/users", { query: { $filter }, timeout });
  return attempt(`Finding user with ${key.label}: "${value}"`, found);
}

function stateOf(user: Json): Properties {
  return {
    ...Object.fromEntries(Object.entries(texts).map(([name, member]) => [name, textOf(user, member)])),
    ...Object.fromEntries(Object.entries(flags).map(([name, member]) => [name, flagOf(user, member)])),
    ...Object.fromEntries(lists.map((name) => [name, textsOf(user, name)])),
  };
}

import { expect, test } from "vitest";

import type { Section } from "../../../../operations/findings/finding.ts";
import { auditSample, furtherBody, objects, observedFrom, untouchedBodies } from "../sampleAccess.ts";

const exchange = { id: "service-of-exchange", appId: "exchange", displayName: "Exchange", appRoles: [] };
const aDay = '{"TokenLifetimePolicy":{"Version":1,"AccessTokenLifetime":"23:59:59"}}';
const anHour = '{"TokenLifetimePolicy":{"Version":1,"AccessTokenLifetime":"01:30:00"}}';

test.each([
  ["the application", objects.applicationObjectId, '"Long", '],
  ["the service principal", objects.servicePrincipalObjectId, '"Long", '],
  ["the service that its tokens are for", exchange.id, '"Long", on the service Exchange, '],
])("a policy on %s is found, though it stands on the last of its pages", async (_whose, target, words) => {
  const asked: string[] = [];
  const found = await findingsOf({ definition: [aDay] }, async (url) => {
    asked.push(url);
    if (!url.endsWith("?page=2")) return { value: strangers, "@odata.nextLink": `${url}?page=2` };
    return { value: [{ id: target }] };
  });
  expect(found).toEqual([`EXO-AUDIT-TOKEN-LIFETIME ${words}${aDay}, id policy-1`]);
  expect(asked).toEqual([appliesTo, `${appliesTo}?page=2`]);
});

test.each([
  ["a day", [aDay], true],
  ["a day, written as .NET does", ['{"TokenLifetimePolicy":{"AccessTokenLifetime":"1.00:00:00"}}'], true],
  ["a second more than by default", ['{"TokenLifetimePolicy":{"AccessTokenLifetime":"01:30:01"}}'], true],
  ["in another spelling", [String.raw`{"tokenLifetimePolicy":{"\u0061ccessTokenLifetime":"8:00:00"}}`], true],
  ["in a second text", [anHour, aDay], true],
  ["with a fraction of a second", ['{"TokenLifetimePolicy":{"AccessTokenLifetime":"00:30:00.5"}}'], true],
  ["nobody knows how long", ["no JSON"], true],
  ["as by default", [anHour], false],
  ["of other tokens alone", ['{"TokenLifetimePolicy":{"MaxInactiveTime":"30.00:00:00"}}'], false],
])("the tenant's default, %s", async (_name, definition, isFound) => {
  const found = await findingsOf({ definition, isOrganizationDefault: true }, async () => ({ value: [] }));
  const words = `"Long", the tenant's default, ${definition.join(" ")}, id policy-1`;
  expect(found).toEqual(isFound ? [`EXO-AUDIT-TOKEN-LIFETIME ${words}`] : []);
});

test("the application's own policy is found however short, and a stranger's however long is not", async () => {
  expect(
    await findingsOf({ definition: [anHour] }, async () => ({
      value: [{ id: objects.applicationObjectId }],
    })),
  ).toHaveLength(1);
  expect(await findingsOf({ definition: [aDay] }, async () => ({ value: strangers }))).toEqual([]);
});

test("a policy without a name, and with several texts, is named by its ID and a hash of the texts", async () => {
  const policy = { displayName: null, definition: ["first", "second"] };
  expect(await findingsOf(policy, onOwn)).toEqual([
    'EXO-AUDIT-TOKEN-LIFETIME "unnamed", first second, id policy-1',
  ]);
  expect((await sectionOf(policy, onOwn)).findings[0]?.subject).toMatch(/^policy-1 [0-9a-f]{32}$/);
});

test("an own policy names the command that takes it off, and another what to change", async () => {
  const { applicationObjectId, servicePrincipalObjectId } = objects;
  const shorten = "shorten AccessTokenLifetime in the policy's definition, or accept it in .exo-auth";
  expect(await remediesOf({}, applicationObjectId)).toEqual([command(`applications/${applicationObjectId}`)]);
  expect(await remediesOf({}, servicePrincipalObjectId)).toEqual([
    command(`servicePrincipals/${servicePrincipalObjectId}`),
  ]);
  expect(await remediesOf({ definition: [aDay] }, exchange.id)).toEqual([shorten]);
  expect(await remediesOf({ definition: [aDay], isOrganizationDefault: true }, "somebody")).toEqual([
    shorten,
  ]);
});

const appliesTo = "/v1.0/policies/tokenLifetimePolicies/policy-1/appliesTo";
const onOwn = async (): Promise<unknown> => ({ value: [{ id: objects.applicationObjectId }] });
const strangers = [{ id: "somebody" }, { id: "somebody-else" }];

async function remediesOf(policy: object, id: string): Promise<readonly string[]> {
  const { findings } = await sectionOf(policy, async () => ({ value: [{ id }] }));
  return findings.map(({ remedy }) => remedy);
}

/** What takes the policy off an object. */
function command(holder: string): string {
  return `az rest --method delete --url 'https://graph.microsoft.com/v1.0/${holder}/tokenLifetimePolicies/policy-1/$ref'`;
}

async function findingsOf(...args: Parameters<typeof sectionOf>): Promise<readonly string[]> {
  return (await sectionOf(...args)).findings.map(({ id, found }) => `${id} ${found}`);
}

async function sectionOf(policy: object, follow: (url: string) => Promise<unknown>): Promise<Section> {
  const policies = { value: [{ id: "policy-1", displayName: "Long", ...policy }] };
  const observed = await observedFrom(
    { ...untouchedBodies(), tokenLifetimePolicies: policies },
    async (url) => (url.startsWith(appliesTo) ? follow(url) : furtherBody(url)),
  );
  const resources = new Map([[exchange.id, exchange]]);
  return (await auditSample({}, { observed, resources })).section;
}

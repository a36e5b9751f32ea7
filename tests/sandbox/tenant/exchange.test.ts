import { expect, test } from "vitest";
import { textOf, type Json } from "../../../sandbox/tenant/json.ts";
import { itemsOf } from "./client.ts";
import { complianceScope, exchangeScope, messageOf, prepare, ready, tenantId } from "./exchangeJobs.ts";

test("neither is 401, the permission alone is 403, and the permission with the role is 200", async () => {
  const jobs = await prepare();
  const before = await jobs.token(exchangeScope);
  expect(await jobs.invoke("Get-OrganizationConfig", {}, before)).toMatchObject({ status: 401, text: "" });
  await jobs.consent();
  const consented = await jobs.token(exchangeScope);
  const refused = await jobs.invoke("Get-OrganizationConfig", {}, consented);
  expect(refused.status).toBe(403);
  expect(refused.body).toMatchObject({
    error: {
      code: "Forbidden",
      message:
        `The role assigned to application ${jobs.appId} isn't supported in this scenario. Please check online ` +
        "documentation for assigning correct Directory Roles to Azure AD Application for EXO App-Only Authentication.",
    },
  });
  await jobs.assign("29232cdf-9323-42fd-ade2-1d097af3e4de");
  expect((await jobs.invoke("Get-OrganizationConfig", {}, consented)).status).toBe(403);
  const answer = await jobs.invoke("Get-OrganizationConfig", {}, await jobs.token(exchangeScope));
  expect(answer.status).toBe(200);
  expect(itemsOf(answer)).toMatchObject([{ Name: "contoso.onmicrosoft.com", DisplayName: "Contoso" }]);
});

test("the role alone is 401", async () => {
  const jobs = await prepare();
  await jobs.assign("29232cdf-9323-42fd-ade2-1d097af3e4de");
  expect((await jobs.invoke("Get-OrganizationConfig", {}, await jobs.token(exchangeScope))).status).toBe(401);
});

test("a role that Exchange does not know is 403", async () => {
  const jobs = await prepare();
  await jobs.consent();
  await jobs.assign("88d8e3e3-8f55-4a1e-953a-9b9898b8876b");
  expect((await jobs.invoke("Get-OrganizationConfig", {}, await jobs.token(exchangeScope))).status).toBe(403);
});

test("no token, another resource's, another tenant's or an old one is 401", async () => {
  const jobs = await ready();
  const good = await jobs.token(exchangeScope);
  const graph = await jobs.token("https://graph.microsoft.com/.default");
  for (const token of [undefined, "nothing", graph]) {
    expect(await jobs.invoke("Get-OrganizationConfig", {}, token)).toMatchObject({ status: 401, text: "" });
  }
  const elsewhere = `/adminapi/beta/99999999-9999-4999-8999-999999999999/InvokeCommand`;
  const body = { CmdletInput: { CmdletName: "Get-OrganizationConfig", Parameters: {} } };
  expect((await jobs.tenant.send("POST", elsewhere, { token: good, body })).status).toBe(401);
  const byDomain = "/adminapi/beta/contoso.onmicrosoft.com/InvokeCommand";
  expect((await jobs.tenant.send("POST", byDomain, { token: good, body })).status).toBe(200);
  jobs.tenant.server.clock.advance(3_600_000);
  expect((await jobs.invoke("Get-OrganizationConfig", {}, good)).status).toBe(401);
});

test("accepted domains are the tenant's, and one is the initial one", async () => {
  const jobs = await ready();
  const domains = itemsOf(await jobs.invoke("get-accepteddomain", {}, await jobs.token(exchangeScope)));
  expect(
    domains.map(({ DomainName, Default, InitialDomain }) => ({ DomainName, Default, InitialDomain })),
  ).toEqual([
    { DomainName: "contoso.onmicrosoft.com", Default: false, InitialDomain: true },
    { DomainName: "contoso.com", Default: true, InitialDomain: false },
  ]);
});

test("lists come in pages as long as the client asks", async () => {
  const jobs = await ready();
  const token = await jobs.token(exchangeScope);
  const body = { CmdletInput: { CmdletName: "Get-AcceptedDomain", Parameters: {} } };
  const headers = { prefer: "odata.maxpagesize=1" };
  const first = await jobs.tenant.send("POST", `/adminapi/beta/${tenantId}/InvokeCommand`, {
    token,
    body,
    headers,
  });
  expect(itemsOf(first)).toMatchObject([{ DomainName: "contoso.onmicrosoft.com" }]);
  const next = textOf(first.body["@odata.nextLink"]).slice(jobs.tenant.server.url.length);
  const second = await jobs.tenant.send("POST", next, { token, body, headers });
  expect(itemsOf(second)).toMatchObject([{ DomainName: "contoso.com" }]);
  expect(second.body).not.toHaveProperty("@odata.nextLink");
});

test("a reader reads, and may not change anything", async () => {
  const jobs = await prepare();
  await jobs.consent();
  await jobs.assign("f2ef992c-3afb-46b9-b7cf-a126ee74c451");
  const token = await jobs.token(exchangeScope);
  expect(itemsOf(await jobs.invoke("Get-Mailbox", { Identity: "reports@contoso.com" }, token))).toMatchObject(
    [{ DisplayName: "Reports", PrimarySmtpAddress: "reports@contoso.com" }],
  );
  const refused = await jobs.invoke(
    "Set-Mailbox",
    { Identity: "reports@contoso.com", DisplayName: "Other" },
    token,
  );
  expect(messageOf(refused)).toEqual({
    status: 403,
    message: "User is not allowed to call Set-Mailbox",
  });
});

test("a service principal is made known to Exchange by its own object ID, and joins a role group", async () => {
  const jobs = await ready();
  const token = await jobs.token(exchangeScope);
  const wrong = await jobs.invoke("New-ServicePrincipal", { AppId: jobs.appId, ObjectId: jobs.id }, token);
  expect(wrong.status).toBe(400);
  const known = await jobs.invoke(
    "New-ServicePrincipal",
    { AppId: jobs.appId, ObjectId: jobs.principalId, DisplayName: "Jobs" },
    token,
  );
  expect(itemsOf(known)).toMatchObject([
    { AppId: jobs.appId, ObjectId: jobs.principalId, DisplayName: "Jobs" },
  ]);
  const member = { Identity: "View-Only Organization Management", Member: jobs.appId };
  expect((await jobs.invoke("Add-RoleGroupMember", member, token)).status).toBe(200);
  expect((await jobs.invoke("Add-RoleGroupMember", member, token)).status).toBe(400);
  expect(
    itemsOf(
      await jobs.invoke("Get-RoleGroupMember", { Identity: "View-Only Organization Management" }, token),
    ),
  ).toEqual([
    {
      Name: jobs.principalId,
      DisplayName: "Jobs",
      ExternalDirectoryObjectId: jobs.principalId,
      RecipientType: "ServicePrincipal",
    },
  ]);
  expect((await jobs.invoke("Remove-RoleGroupMember", member, token)).status).toBe(200);
  expect((await jobs.invoke("Remove-RoleGroupMember", member, token)).status).toBe(404);
  expect((await jobs.invoke("Remove-ServicePrincipal", { Identity: jobs.appId }, token)).status).toBe(200);
  expect(itemsOf(await jobs.invoke("Get-ServicePrincipal", {}, token))).toEqual([]);
});

test.each<{ title: string; body: Json; status: number; message: string }>([
  {
    title: "an unknown command",
    body: { CmdletInput: { CmdletName: "Get-Weather", Parameters: {} } },
    status: 400,
    message:
      "The term 'Get-Weather' is not recognized as the name of a cmdlet, function, script file, or operable program.",
  },
  {
    title: "an unknown parameter",
    body: { CmdletInput: { CmdletName: "Get-Mailbox", Parameters: { Color: "blue" } } },
    status: 400,
    message: "A parameter cannot be found that matches parameter name 'Color'.",
  },
  {
    title: "a missing parameter",
    body: { CmdletInput: { CmdletName: "Set-Mailbox", Parameters: {} } },
    status: 400,
    message: "Cannot process command because of one or more missing mandatory parameters: Identity.",
  },
  {
    title: "an unknown property",
    body: { CmdletInput: { CmdletName: "Get-Mailbox" }, Color: "blue" },
    status: 400,
    message: "The property 'Color' is not known.",
  },
  { title: "no command", body: {}, status: 400, message: "The request body has no 'CmdletInput'." },
  {
    title: "a mailbox that is not there",
    body: { CmdletInput: { CmdletName: "Get-Mailbox", Parameters: { Identity: "nobody" } } },
    status: 404,
    message: "The operation couldn't be performed because object 'nobody' couldn't be found.",
  },
])("$title is refused", async ({ body, status, message }) => {
  const jobs = await ready();
  const token = await jobs.token(exchangeScope);
  const answer = await jobs.tenant.send("POST", `/adminapi/beta/${tenantId}/InvokeCommand`, { token, body });
  expect(messageOf(answer)).toEqual({ status, message });
});

test("a tenant without licence has no Exchange", async () => {
  const jobs = await ready({ exchangeLicensed: false });
  expect(messageOf(await jobs.invoke("Get-OrganizationConfig", {}, await jobs.token(exchangeScope)))).toEqual(
    {
      status: 404,
      message: `The tenant for tenant guid '${tenantId}' does not exist.`,
    },
  );
});

test("Security & Compliance takes other roles and knows other commands", async () => {
  const jobs = await ready();
  await jobs.consent("Microsoft Exchange Online Protection", "455e5cd2-84e8-4751-8344-5672145dfa17");
  const exchangeOnly = await jobs.token(complianceScope);
  expect((await jobs.invoke("Get-DlpCompliancePolicy", {}, exchangeOnly)).status).toBe(403);
  await jobs.assign("17315797-102d-40b4-93e0-432062caca18");
  const token = await jobs.token(complianceScope);
  expect((await jobs.invoke("Get-DlpCompliancePolicy", {}, token)).status).toBe(200);
  expect((await jobs.invoke("Get-OrganizationConfig", {}, token)).status).toBe(400);
  const banner = `/adminapi/beta/${tenantId}/EXOBanner('AutogenSession')?Version=3.9.0`;
  expect((await jobs.tenant.send("GET", banner, { token })).status).toBe(200);
  expect((await jobs.tenant.send("GET", banner)).status).toBe(401);
});

test.each([
  ["worldwide", "contoso.onmicrosoft.com", exchangeScope, complianceScope],
  [
    "in GCC High",
    "contoso.onmicrosoft.us",
    "https://outlook.office365.us/.default",
    "https://ps.compliance.protection.office365.us/.default",
  ],
  [
    "in China",
    "contoso.partner.onmschina.cn",
    "https://partner.outlook.cn/.default",
    "https://ps.compliance.protection.partner.outlook.cn/.default",
  ],
])("%s, Security & Compliance takes its own permission", async (_where, initialDomain, exchange, scope) => {
  const jobs = await ready({ initialDomain, domains: [] }, exchange);
  await jobs.assign("17315797-102d-40b4-93e0-432062caca18");
  expect((await jobs.invoke("Get-DlpCompliancePolicy", {}, await jobs.token(scope))).status).toBe(401);
  await jobs.consent("Microsoft Exchange Online Protection", "455e5cd2-84e8-4751-8344-5672145dfa17");
  expect((await jobs.invoke("Get-DlpCompliancePolicy", {}, await jobs.token(scope))).status).toBe(200);
  // The one resource's permission is nothing to the other.
  const withoutExchange = await prepare({ initialDomain, domains: [] });
  await withoutExchange.consent(
    "Microsoft Exchange Online Protection",
    "455e5cd2-84e8-4751-8344-5672145dfa17",
  );
  await withoutExchange.assign("17315797-102d-40b4-93e0-432062caca18");
  const token = await withoutExchange.token(exchange);
  expect((await withoutExchange.invoke("Get-OrganizationConfig", {}, token)).status).toBe(401);
});

test("a cloud's audience is unknown in another cloud", async () => {
  const jobs = await ready(
    { initialDomain: "contoso.onmicrosoft.us", domains: [] },
    "https://outlook.office365.us/.default",
  );
  expect((await jobs.signIn(exchangeScope)).body.error).toBe("invalid_resource");
});

test("a tenant without Exchange Online Protection knows no Security & Compliance, until its service principal is made", async () => {
  const jobs = await ready({ exchangeOnlineProtection: false });
  const refused = await jobs.signIn(complianceScope);
  expect({ status: refused.status, codes: refused.body.error_codes }).toEqual({
    status: 400,
    codes: [500011],
  });
  const appId = "00000007-0000-0ff1-ce00-000000000000";
  const made = await jobs.tenant.graph("POST", "/v1.0/servicePrincipals", { appId });
  expect({
    status: made.status,
    name: made.body.displayName,
    owner: made.body.appOwnerOrganizationId,
  }).toEqual({
    status: 201,
    name: "Microsoft Exchange Online Protection",
    owner: "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
  });
  await jobs.consent("Microsoft Exchange Online Protection", "455e5cd2-84e8-4751-8344-5672145dfa17");
  await jobs.assign("17315797-102d-40b4-93e0-432062caca18");
  const token = await jobs.token(complianceScope);
  expect((await jobs.invoke("Get-DlpCompliancePolicy", {}, token)).status).toBe(200);
});

test("a command that does not say that it is JSON is refused", async () => {
  const jobs = await ready();
  const text = JSON.stringify({ CmdletInput: { CmdletName: "Get-OrganizationConfig" } });
  const send = async (type: string) =>
    jobs.tenant.send("POST", `/adminapi/beta/${tenantId}/InvokeCommand`, {
      raw: { type, text },
      token: await jobs.token(exchangeScope),
    });
  expect((await send("text/plain")).status).toBe(400);
  expect((await send("application/json")).status).toBe(200);
});

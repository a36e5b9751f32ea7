import { expect, test } from "vitest";
import { parseTenantList } from "../../../operations/fleet/tenantList.ts";

const id = "11111111-1111-4111-8111-111111111111";

test("a list with everything", () => {
  const text = `stack,tenant,roles,deployer,reader,previewer
contoso,${id.toUpperCase()},Exchange Recipient Administrator|Security Reader,${id},${id},${id}
fabrikam,Fabrikam.com,,,,
`;
  expect(parseTenantList("tenants.csv", text)).toEqual([
    {
      stack: "contoso",
      tenant: id,
      roles: ["Exchange Recipient Administrator", "Security Reader"],
      identities: { deployer: id, reader: id, previewer: id },
    },
    { stack: "fabrikam", tenant: "fabrikam.com", roles: [], identities: {} },
  ]);
});

test.each([
  ["semicolons, as a spreadsheet in Germany writes it", `Stack;Tenant\ncontoso;${id}\n`],
  [
    "a byte order mark, line ends of Windows, blanks, empty lines",
    `\u{feff} stack , tenant \r\n\r\n contoso , ${id} \r\n`,
  ],
  ["a byte order mark before quotes", `\u{feff}"stack","tenant"\n"contoso","${id}"\n`],
  ["quotes, and columns in another order", `"tenant","stack"\n"${id}","contoso"\n`],
])("%s", (_name, text) => {
  expect(parseTenantList("tenants.csv", text)).toMatchObject([{ stack: "contoso", tenant: id }]);
});

test("a stack is no option of Pulumi, and no column hides another", () => {
  expect(() => parseTenantList("tenants.csv", `stack,tenant\n--help,${id}\n`)).toThrow(
    'line 2: stack must have 1 to 100 letters, digits, hyphens, underscores or periods, and not begin with a hyphen, got "--help"',
  );
  expect(() => parseTenantList("tenants.csv", `stack,tenant,Tenant\na,${id},contoso.com\n`)).toThrow(
    'the column "tenant" is there twice',
  );
});

test("everything that is wrong is said at once, by line", () => {
  const text = `stack,tenant,roles,reader
a/b,${id},,
contoso,localhost,Exchange Recipient Admin,me
contoso,${id},Nonsense,
`;
  expect(() => parseTenantList("tenants.csv", text)).toThrow(`\
The list "tenants.csv" cannot be used. Nothing was changed.
- line 2: stack must have 1 to 100 letters, digits, hyphens, underscores or periods, and not begin with a hyphen, got "a/b"
- line 3: tenant must be a tenant's ID or domain, got "localhost"
- line 3: there is no role "Exchange Recipient Admin". Did you mean Exchange Recipient Administrator?
- line 3: reader must be a client ID (a GUID), got "me"
- line 4: there is no role "Nonsense". Exchange accepts Compliance Administrator, Exchange Administrator, Exchange Recipient Administrator, Global Administrator, Global Reader, Helpdesk Administrator, Security Administrator, Security Reader
- line 4: stack "contoso" is there twice`);
});

test.each([
  [
    `stack,tennant\na,${id}\n`,
    'there is no column "tennant". Did you mean tenant?\n- the column "tenant" is missing',
  ],
  [
    `stack,tenant,comment on it\na,${id},x\n`,
    'there is no column "comment on it". The columns are stack, tenant, roles, deployer, reader, previewer',
  ],
  [`stack,tenant\na,${id},x\n`, "Invalid Record Length: columns length is 2, got 3 on line 2"],
])("%j: a head or a line that does not fit", (text, problem) => {
  expect(() => parseTenantList("tenants.csv", text)).toThrow(
    `The list "tenants.csv" cannot be used. Nothing was changed.\n- ${problem}`,
  );
});

test("a domain of several parts is a tenant's", () => {
  const list = "stack,tenant\ncontoso,a.b-c.contoso.com\n";
  expect(parseTenantList("tenants.csv", list)).toMatchObject([{ tenant: "a.b-c.contoso.com" }]);
});

test.each(["!contoso.com", "contoso.com!"])("%j is no tenant's domain", (tenant) => {
  expect(() => parseTenantList("tenants.csv", `stack,tenant\ncontoso,${tenant}\n`)).toThrow(
    `line 2: tenant must be a tenant's ID or domain, got "${tenant}"`,
  );
});

test("roles may have blanks around them, and be template IDs", () => {
  const reader = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";
  const [one] = parseTenantList(
    "tenants.csv",
    `stack,tenant,roles\ncontoso,${id}, Security Reader | ${reader} |\n`,
  );
  expect(one?.roles).toEqual(["Security Reader", reader]);
});

test("an empty line between others is none", () => {
  const text = `stack,tenant\na,${id}\n\nb,${id}\n`;
  expect(parseTenantList("tenants.csv", text).map(({ stack }) => stack)).toEqual(["a", "b"]);
});

test("a list that cannot be used is a mistake in the file, and of the configuration's kind", () => {
  expect(() => parseTenantList("tenants.csv", "stack\n")).toThrow(
    expect.objectContaining({ code: "EXO_AUTH_FILE", reason: "configuration" }),
  );
});

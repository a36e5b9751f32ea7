import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { format } from "../../../cli/findings/formats.ts";
import type { PrintedReport } from "../../../cli/findings/printedReport.ts";
import { cleanReport, sampleRules, sampleTenantWide } from "./sampleReport.ts";

const plain = { command: { name: "audit" }, rules: sampleRules, report: cleanReport };
const printed = {
  ...plain,
  report: { ...cleanReport, tenantWide: sampleTenantWide } satisfies PrintedReport,
};

test("the text has a part for each tenant after the findings", async () => {
  expect(stripVTControlCharacters(await format(printed, "text"))).toBe(
    `${stripVTControlCharacters(await format(plain, "text"))}
For information: who can add credentials to any application of contoso.onmicrosoft.com
- Global Administrator, which updates every application's credentials: user "Adele \\u{1b}Admin", object ID id-1
- eligible for Privileged Role Administrator, which can assign itself a role that does: each member of the group, object ID id-2
- Application.ReadWrite.All, which updates every application's credentials: service principal "[x](https://evil.example)", object ID id-3
- not read: holders of A, who is eligible for A: no right

For information: who can add credentials to any application of fabrikam.onmicrosoft.com
- nobody found
`,
  );
});

test("Markdown has the same as lists, and no name is a link", async () => {
  expect(await format(printed, "markdown")).toBe(
    `${await format(plain, "markdown")}
### For information: who can add credentials to any application of contoso.onmicrosoft.com

- Global Administrator, which updates every application's credentials: user "Adele \\\\u\\{1b\\}Admin", object ID id-1
- eligible for Privileged Role Administrator, which can assign itself a role that does: each member of the group, object ID id-2
- Application.ReadWrite.All, which updates every application's credentials: service principal "\\[x\\]\\(https\\://evil.example\\)", object ID id-3
- not read: holders of A, who is eligible for A: no right

### For information: who can add credentials to any application of fabrikam.onmicrosoft.com

- nobody found
`,
  );
});

test("JSON has it as data", async () => {
  expect(JSON.parse(await format(printed, "json"))).toEqual({
    ...JSON.parse(await format(plain, "json")),
    tenantWide: sampleTenantWide,
  });
});

test.each(["junit", "sarif"] as const)("%s, which is of findings alone, stays as it is", async (wanted) => {
  expect(await format(printed, wanted)).toBe(await format(plain, wanted));
});

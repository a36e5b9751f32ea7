import type { ConformanceCase } from "../conformanceCase.ts";

const eventual = { headers: { consistencylevel: "eventual" } };
const filtered = (filter: string): string => `$filter=${encodeURIComponent(filter)}`;

/** How Graph takes queries. They create nothing, and their answers list what the tenant has. */
export const queryCases: readonly ConformanceCase[] = [
  {
    id: "advancedOperators",
    title: "`ne`, `not` and `endswith` without the header for advanced queries, and with it",
    beliefs: ["advancedOperators"],
    readsOnly: true,
    run: async (probe) => {
      for (const filter of ["displayName ne 'a'", "not startswith(displayName,'a')"]) {
        await probe.ask("GET", `/v1.0/applications?${filtered(filter)}&$top=1&$select=id`);
      }
      await probe.ask("GET", `/v1.0/users?${filtered("endswith(userPrincipalName,'a')")}&$top=1&$select=id`);
      const advanced = `/v1.0/applications?${filtered("displayName ne 'a'")}&$top=1&$select=id&$count=true`;
      await probe.ask("GET", advanced, undefined, eventual);
    },
  },
  {
    id: "letterCase",
    title: "Names, operators and functions in other letters",
    beliefs: ["letterCase"],
    readsOnly: true,
    run: async (probe) => {
      await probe.ask(
        "GET",
        `/v1.0/applications?$select=ID&${filtered("StartsWith(DisplayName,'~nobody')")}`,
      );
      await probe.ask("GET", `/v1.0/applications?$select=id&${filtered("displayName EQ '~nobody'")}`);
      await probe.ask("GET", "/v1.0/applications?$select=*&$top=1");
    },
  },
  {
    id: "optionsInsideExpand",
    title: "`$filter` and `$levels` inside `$expand`",
    beliefs: ["optionsInsideExpand"],
    readsOnly: true,
    run: async (probe) => {
      const nobody = filtered("displayName eq '~nobody'");
      await probe.ask(
        "GET",
        `/v1.0/applications?$expand=owners(${filtered("startswith(id,'a')")})&${nobody}`,
      );
      await probe.ask("GET", `/v1.0/groups?$expand=members($levels=2)&${nobody}`);
    },
  },
  {
    id: "usersLastSignIn",
    title: "When a user signed in last",
    beliefs: ["usersLastSignIn"],
    readsOnly: true,
    run: async (probe) => {
      await probe.ask("GET", "/v1.0/users?$select=id,signInActivity&$top=1");
    },
  },
  {
    id: "malformedTexts",
    title: "Queries with an unknown property, a malformed filter, and a page of nothing",
    beliefs: ["malformedTexts"],
    readsOnly: true,
    run: async (probe) => {
      await probe.ask("GET", "/v1.0/applications?$select=color");
      await probe.ask("GET", `/v1.0/applications?${filtered("displayName equals 'a'")}`);
      await probe.ask("GET", `/v1.0/applications?${filtered("color eq 'a'")}`);
      await probe.ask("GET", "/v1.0/applications?$top=0");
      await probe.ask("GET", "/v1.0/applications?$top=1000");
      await probe.ask("GET", "/v1.0/applications/nothing");
    },
  },
];

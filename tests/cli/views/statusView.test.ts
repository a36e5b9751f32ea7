import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { statusView } from "../../../cli/views/statusView.ts";
import type { TimedRolesStatus } from "../../../operations/timedRoles/timedRoleStatus.ts";

/** The lines about roles with an end, as a person reads them. */
function roleLines(status: TimedRolesStatus): readonly string[] {
  const text = statusView({
    project: "exchange-auth",
    stack: "contoso",
    updated: "2026-11-01T00:00:00Z",
    expiring: [],
    components: [
      {
        component: "exchange",
        cloud: "global",
        tenantId: "t",
        tenantDomain: "contoso.onmicrosoft.com",
        appId: "a",
        applicationObjectId: "o",
        servicePrincipalObjectId: "s",
        tenant: { application: "present" },
        roles: [],
        generations: [],
        ...status,
      },
    ],
  });
  const lines = stripVTControlCharacters(text).split("\n");
  return lines.slice(
    lines.findIndex((line) => line.startsWith("  roles ")) + 1,
    lines.findIndex((line) => line.startsWith("  next rotation")),
  );
}

const ended = { role: "Global Reader", until: "2026-11-20T00:00:00Z", daysLeft: -8 };
const running = { role: "Global Reader", until: "2026-12-20T00:00:00Z", daysLeft: 21 };
const until = "role Global Reader  until 2026-12-20 00:00 UTC";

test.each([
  ["has not ended", { ...running, held: true, endsAt: running.until }, `✓ ${until}, 21 days left`],
  ["ends tomorrow, whoever reads the tenant", { ...running, daysLeft: 1 }, `✓ ${until}, 1 day left`],
  [
    "ends earlier in the tenant",
    { ...running, daysLeft: 2, held: true, endsAt: "2026-12-01T00:00:00Z" },
    `✓ ${until}, 2 days left (in the tenant until 2026-12-01 00:00 UTC)`,
  ],
  [
    "was not given",
    { ...running, held: false },
    `✗ ${until}. The application does not have it: run \`exo-auth grant --yes\``,
  ],
  [
    "has no end in the tenant",
    { ...running, held: true, endsAt: null },
    `✗ ${until}. In the tenant, it has no end: run \`exo-auth grant --yes\``,
  ],
  [
    "has ended",
    { ...ended, held: false },
    "✗ role Global Reader  until 2026-11-20 00:00 UTC, ended. Jobs need a later `until`, or nobody needs the role",
  ],
  [
    "has ended, as far as the program says",
    ended,
    "✗ role Global Reader  until 2026-11-20 00:00 UTC, ended. Jobs need a later `until`, or nobody needs the role",
  ],
  [
    "should have ended",
    { ...ended, held: true, endsAt: null },
    "✗ role Global Reader  until 2026-11-20 00:00 UTC, ended. The application still has it: run `exo-auth grant --yes`",
  ],
])("a role that %s", (_what, role, line) => {
  expect(roleLines({ timedRoles: [role] })).toEqual([line]);
});

test("a tenant that was not read", () => {
  expect(
    roleLines({ timedRoles: [running], timedRolesNotRead: "with --quiet, the tenant is not read" }),
  ).toEqual([
    `✓ ${until}, 21 days left`,
    "                     the tenant's own ends: not read, with --quiet, the tenant is not read",
  ]);
});

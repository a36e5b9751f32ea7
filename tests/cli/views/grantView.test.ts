import { expect, test } from "vitest";

import { grantView } from "../../../cli/views/grantView.ts";
import type { GivenRoles } from "../../../operations/grant/givenRoles.ts";

const applied: GivenRoles = {
  remove: false,
  applied: true,
  grants: [
    {
      component: "exchange",
      service: "exchangeOnline",
      steps: [{ title: "t", cmdlet: "Remove-RoleGroup", parameters: {} }],
      pending: [],
      notes: [],
    },
  ],
  timedRoles: [],
};

test.each<[string, Partial<GivenRoles>, string]>([
  ["was given", {}, "Exchange can take minutes to let the job use this. `exo-auth verify` waits for that."],
  [
    "was taken away",
    { remove: true },
    "Microsoft's servers can take minutes to refuse the job what it could do.",
  ],
  ["was given before an update", { beforeUpdate: true }, "Now run `pulumi up`."],
])("after a change, the last line says what to expect: what %s", (_what, changes, expected) => {
  expect(
    grantView({ ...applied, ...changes })
      .trimEnd()
      .split("\n")
      .at(-1),
  ).toBe(expected);
});

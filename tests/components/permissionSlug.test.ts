import { expect, test } from "vitest";

import { permissionSlug } from "../../components/permissionSlug.ts";

const exchange = "00000002-0000-0ff1-ce00-000000000000";
const own = "0d3a1b7e-5a0c-4c0e-8d5f-2f1c6b9a7e11";

test.each([
  [exchange, "Exchange.ManageAsApp", "office365-exchange-online-exchange-manage-as-app"],
  [own, "Jobs.Run", `${own}-jobs-run`],
  [own, "DF021288-BDEF-4463-88DB-98F22DE89214", `${own}-df021288-bdef-4463-88db-98f22de89214`],
])("of %s %s", (resourceAppId, permission, name) => {
  expect(permissionSlug({ resourceAppId, permission })).toBe(name);
});

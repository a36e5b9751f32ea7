import type { Unverified } from "./entry.ts";

/** As `unverified`, of Key Vault. */
export const unverifiedKeyVault: readonly Unverified[] = [
  {
    id: "keyVault",
    area: "Key Vault",
    behaviour:
      "`GET /certificates/{name}/{version}` and `POST /keys/{name}/{version}/sign`, for PS256 and version 7.4 of the API. The server's address is the only vault. Anyone who may use it may do both",
    note: "The routes and the fields follow Microsoft's reference. Roles of Azure and access policies are not in the sandbox. Users report the texts of the errors.",
  },
];

import * as v from "valibot";

const Claims = v.object({
  tid: v.string(),
  aud: v.string(),
  appid: v.optional(v.string()),
  oid: v.optional(v.string()),
  roles: v.optional(v.array(v.string()), []),
  wids: v.optional(v.array(v.string()), []),
  scp: v.optional(v.string()),
  upn: v.optional(v.string()),
  unique_name: v.optional(v.string()),
  exp: v.number(),
});

/** What an access token of Entra says: `roles` are application permissions, `wids` template IDs of directory roles. */
export type AccessTokenClaims = v.InferOutput<typeof Claims>;

/** Reads the claims of an access token. The signature is for the service that the token is meant for, not for us. */
export function readClaims(token: string): AccessTokenClaims {
  const payload = token.split(".")[1] ?? "";
  return v.parse(Claims, JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
}

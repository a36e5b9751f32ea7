import { object, optional, text, flag } from "../protocol/schema.ts";
import type { PluginDefinition } from "../protocol/resource.ts";
import { privateKey } from "./privateKey.ts";
import { selfSignedCert } from "./selfSignedCert.ts";

/** The stand-in for the tls plugin: keys and certificates are real. */
export const tls: PluginDefinition<undefined> = {
  name: "tls",
  dialect: "framework",
  config: {
    proxy: optional(
      object({
        fromEnv: optional(flag),
        password: optional(text),
        url: optional(text),
        username: optional(text),
      }),
    ),
  },
  resources: {
    "tls:index/privateKey:PrivateKey": privateKey,
    "tls:index/selfSignedCert:SelfSignedCert": selfSignedCert,
  },
  functions: {},
  configure: () => Promise.resolve(undefined),
};

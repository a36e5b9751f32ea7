import type { PluginDefinition } from "../protocol/resource.ts";
import { randomBytes, randomId } from "./bytes.ts";
import { randomPassword } from "./password.ts";
import { randomString } from "./text.ts";
import { randomUuid } from "./uuid.ts";

/** The stand-in for the random plugin. */
export const random: PluginDefinition<undefined> = {
  name: "random",
  dialect: "framework",
  config: {},
  resources: {
    "random:index/randomBytes:RandomBytes": randomBytes,
    "random:index/randomId:RandomId": randomId,
    "random:index/randomPassword:RandomPassword": randomPassword,
    "random:index/randomString:RandomString": randomString,
    "random:index/randomUuid:RandomUuid": randomUuid,
  },
  functions: {},
  configure: () => Promise.resolve(undefined),
};

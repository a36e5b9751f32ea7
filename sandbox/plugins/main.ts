import { createRequire } from "node:module";

import { untilEngineEnds } from "./protocol/grpc.ts";
import { Plugin } from "./protocol/plugin.ts";
import { servePlugin } from "./protocol/server.ts";

/** The plugins by name. Each is loaded only if asked for, so that none waits for another's libraries. */
const plugins: Readonly<Record<string, () => Promise<Plugin>>> = {
  azuread: async () => new Plugin((await import("./azuread/plugin.ts")).azuread),
  random: async () => new Plugin((await import("./random/plugin.ts")).random),
  tls: async () => new Plugin((await import("./tls/plugin.ts")).tls),
};

const name = process.argv[2] ?? "";
const load = Object.hasOwn(plugins, name) ? plugins[name] : undefined;
if (load === undefined)
  throw new Error(`There is no stand-in for "${name}". Use one of: ${Object.keys(plugins).join(", ")}.`);
// The official plugins' work ends with the call that asks for it, too: at once when the engine is killed.
// oxlint-disable-next-line unicorn/no-process-exit
const server = await servePlugin(await load(), packageVersion(name), () => process.exit());
await untilEngineEnds(server.port);
server.close();

function packageVersion(plugin: string): string {
  const { version }: { version: string } = createRequire(import.meta.url)(`@pulumi/${plugin}/package.json`);
  return version;
}

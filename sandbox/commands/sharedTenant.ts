import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

import * as v from "valibot";

/** What a command needs to know of a tenant that runs somewhere. */
export interface RunningTenant {
  readonly url: string;
  readonly certificateAuthorityPem: string;
}

/** A tenant that the commands of one folder share. */
export interface SharedTenant extends RunningTenant {
  /** Ends this command's use of the tenant, and the tenant where this command runs it and no other uses it. */
  release(): Promise<void>;
}

/** How a tenant is shared. */
export interface SharedTenantOptions {
  /** The file that says how to reach the tenant while it runs. */
  readonly running: string;
  /** Starts the tenant, if no other command runs it. */
  readonly start: () => Promise<RunningTenant & { close(): Promise<void> }>;
  /** Called where `release` has to wait for other commands. */
  readonly onWait?: () => void;
}

const Running = v.object({
  url: v.string(),
  certificateAuthorityPem: v.string(),
  /** Where the command that runs the tenant counts the others: each holds a connection as long as it goes on. */
  port: v.number(),
  /** What is heard there, so that no other program on that port is taken for it. */
  key: v.string(),
});
type Running = v.InferOutput<typeof Running>;

/**
 * Joins the tenant that another command runs, or starts it. The one that starts it goes on until the last one that
 * joined has ended, however it ended; what a killed command left behind is noticed by its silence.
 */
export async function shareTenant(options: SharedTenantOptions): Promise<SharedTenant> {
  for (;;) {
    const found = await joinRunningTenant(options.running);
    if (found) return found;
    const own = await start(options);
    if (own) return own;
  }
}

/** Joins the tenant that another command runs; undefined where there is none. */
export async function joinRunningTenant(running: string): Promise<SharedTenant | undefined> {
  if (!existsSync(running)) return undefined;
  const found = readRunning(running);
  const connection = found && (await join(found));
  if (connection) return { ...found, release: async () => void connection.destroy() };
  rmSync(running, { force: true });
  return undefined;
}

function readRunning(file: string): Running | undefined {
  try {
    return v.parse(Running, JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

/** The connection to the command that runs the tenant; undefined where there is none any more. */
async function join({ port, key }: Running): Promise<Socket | undefined> {
  const socket = connect(port, "127.0.0.1").setEncoding("utf8").setTimeout(5_000);
  const heard = await new Promise<string | undefined>((resolve) => {
    socket.once("data", (text: string) => resolve(text));
    for (const event of ["error", "close", "timeout"]) socket.once(event, () => resolve(undefined));
  });
  if (heard !== key) {
    socket.destroy();
    return undefined;
  }
  // The connection ends with this process; it is no reason for it to go on.
  return socket
    .setTimeout(0)
    .on("error", () => {})
    .unref();
}

async function start({
  running,
  start: startTenant,
  onWait,
}: SharedTenantOptions): Promise<SharedTenant | undefined> {
  const tenant = await startTenant();
  const { url, certificateAuthorityPem } = tenant;
  const key = randomUUID();
  const users = new Set<Socket>();
  const server = createServer((socket) => {
    users.add(socket.on("error", () => {}).on("close", () => users.delete(socket)));
    socket.resume().write(key);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  const close = async (): Promise<void> => {
    server.close();
    for (const socket of users) socket.destroy();
    await tenant.close();
  };
  if (!publish(running, { url, certificateAuthorityPem, port, key })) {
    await close();
    return undefined;
  }
  return {
    url,
    certificateAuthorityPem,
    async release() {
      if (users.size > 0) onWait?.();
      for (const socket of users) {
        if (!socket.closed) await new Promise((resolve) => socket.once("close", resolve));
      }
      rmSync(running, { force: true });
      await close();
    },
  };
}

/** Writes the file in one step, unless it exists: false where another command was first. */
function publish(file: string, content: Running): boolean {
  const written = `${file}.${content.key}`;
  writeFileSync(written, JSON.stringify(content), { mode: 0o600 });
  try {
    linkSync(written, file);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(written);
  }
}

import { errorMessage } from "./errorMessage.ts";

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  EISDIR: "is a folder",
  EACCES: "cannot be read: you lack the permission",
};

/** Why a file could not be read, after its name: in words where the reason is a common one, else as the system says it. */
export function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return reasons[code] ?? `cannot be read: ${errorMessage(error)}`;
}

/** Why a file could not be read, after its name: "does not exist", or the system's own words. */
export function whyUnreadable(error: unknown): string {
  const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
  return isMissing ? "does not exist" : `cannot be read: ${String(error)}`;
}

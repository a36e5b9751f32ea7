/** The oldest version of Node that the package runs on: major and minor, as in package.json's `engines`. */
export const oldestNode = [22, 12] as const;

/**
 * Why the package does not run on a version of Node; undefined where it does.
 *
 * @param version as `process.version` gives it, such as `v22.12.0`
 */
export function nodeProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  const [oldestMajor, oldestMinor] = oldestNode;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return undefined;
  return `exchange-auth needs Node ${oldestNode.join(".")} or newer, but this is ${version}.`;
}

/** Output without the ids, thumbprints and days that differ from run to run, to compare it with a page's sample. */
export function withoutChance(output: string): string {
  return output
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "ID")
    .replaceAll(/\b[0-9A-F]{40}\b/g, "THUMBPRINT")
    .replaceAll(/\b\d{4}-\d{2}-\d{2}\b/g, "DAY");
}

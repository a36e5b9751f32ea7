/** `text` as part of a resource name: lower case, words joined by hyphens ("Exchange Administrator" -> "exchange-administrator"). */
export function slug(text: string): string {
  return text
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
}

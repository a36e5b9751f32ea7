/** A type token of azuread, as every language's program has it, by the resource's name. */
export function azuread(name: string): string {
  return token("azuread", name);
}

/** A type token of tls, by the resource's name. */
export function tls(name: string): string {
  return token("tls", name);
}

/** What begins the type token of every resource of azuread. */
export const azureadPrefix = "azuread:";

function token(plugin: string, name: string): string {
  return `${plugin}:index/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
}

import { Diagnostic } from "../protocol/resource.ts";

/**
 * Makes a reader for ids of one form, such as `/applications/{}`.
 *
 * The reader returns the parts in braces, and throws for an id of another form.
 */
export function idReader(kind: string, form: string): (id: string) => string[] {
  const pattern = new RegExp(`^${form.replaceAll("{}", "([^/]+)")}$`);
  return (id) => {
    const parts = pattern.exec(id)?.slice(1);
    if (parts !== undefined) return parts;
    throw new Diagnostic(`parsing "${id}": a ${kind} id must have the form ${form.replaceAll("{}", "{id}")}`);
  };
}

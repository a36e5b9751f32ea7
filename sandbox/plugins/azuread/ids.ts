import { Diagnostic } from "../protocol/resource.ts";

/** The form of a type's ids. */
export interface IdForm {
  readonly matches: (id: string) => boolean;
  /** The parts of an id, in order. Throws for an id of another form. */
  readonly parse: (id: string) => string[];
}

/** Describes ids by a form such as `/applications/{}`, where a pair of braces stands for a part. */
export function idForm(form: string): IdForm {
  const pattern = new RegExp(`^${form.replaceAll("{}", "([^/]+)")}$`);
  return {
    matches: (id) => pattern.test(id),
    parse: (id) => {
      const parts = pattern.exec(id)?.slice(1);
      if (parts !== undefined) return parts;
      throw new Diagnostic("Parsing ID", `"${id}" must have the form ${form.replaceAll("{}", "{id}")}`);
    },
  };
}

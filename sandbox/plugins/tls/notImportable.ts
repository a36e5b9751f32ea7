import { Diagnostic } from "../protocol/resource.ts";

/** The failure of importing what can only be made. */
export function notImportable(): Diagnostic {
  return new Diagnostic(
    "Resource Import Not Implemented",
    "This resource does not support import. Please contact the provider developer for additional information.",
  );
}

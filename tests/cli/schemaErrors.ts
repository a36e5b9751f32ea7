import { readFileSync } from "node:fs";
import { Ajv } from "ajv";

/** What in a command's JSON document is not as the published schema says; undefined where all is. */
export function schemaErrors(command: string, document: string): unknown {
  const schema = JSON.parse(readFileSync(`docs/schemas/${command}.schema.json`, "utf8")) as object;
  const validate = new Ajv({ strict: true, allErrors: true, strictTuples: false }).compile(schema);
  return validate(JSON.parse(document)) ? undefined : validate.errors;
}

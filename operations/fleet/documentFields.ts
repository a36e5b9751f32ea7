import * as v from "valibot";
import { type Finding, severities } from "../findings/finding.ts";

/** The fields of a finding, as a document has them. */
export const findingFields = {
  id: v.string(),
  title: v.string(),
  severity: v.picklist(severities),
  why: v.string(),
  source: v.string(),
  subject: v.string(),
  check: v.string(),
  found: v.string(),
  declared: v.string(),
  remedy: v.string(),
} satisfies Readonly<Record<keyof Finding, v.GenericSchema>>;

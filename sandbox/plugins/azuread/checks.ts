import type { Check, Shape } from "../protocol/schema.ts";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

const isUuid: Check = (value, name) =>
  uuid.test(value) ? undefined : `expected "${name}" to be a valid UUID, got ${value}`;

const isDateTime: Check = (value, name) =>
  dateTime.test(value) && !Number.isNaN(Date.parse(value))
    ? undefined
    : `expected "${name}" to be a valid RFC3339 date, got "${value}": parsing time "${value}" failed`;

const isNotEmpty: Check = (value, name) =>
  value === "" ? `expected "${name}" to not be an empty string, got ${value}` : undefined;

/** A GUID. */
export const guid: Shape = { kind: "string", check: isUuid };

/** A time such as 2030-01-31T00:00:00Z. */
export const time: Shape = { kind: "string", check: isDateTime };

/** A text that is not empty. */
export const filled: Shape = { kind: "string", check: isNotEmpty };

/** One of several texts. */
export const oneOf = (...values: readonly string[]): Shape => ({
  kind: "string",
  check: (value, name) => {
    const all = values.map((item) => JSON.stringify(item)).join(" ");
    return values.includes(value) ? undefined : `expected ${name} to be one of [${all}], got ${value}`;
  },
});

/** A text of so many characters. */
export const ofLength = (least: number, most: number): Shape => ({
  kind: "string",
  check: (value, name) =>
    value.length >= least && value.length <= most
      ? undefined
      : `expected length of ${name} to be in the range (${least} - ${most}), got ${value}`,
});

/** The id of an application as the plugin writes it, `/applications/{object id}`. */
export const applicationId: Shape = {
  kind: "string",
  check: (value, name) =>
    /^\/applications\/[^/]+$/.test(value)
      ? undefined
      : `parsing "${value}": the value of "${name}" must have the form /applications/{object id}`,
};

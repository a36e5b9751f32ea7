/**
 * A generation's name out of a setting. Pulumi reads settings as YAML, which takes a name without quotes for a number or
 * a day where it looks like one: a whole number, and a day, can be told back.
 *
 * @returns the name where it can be known; else what was given, such as `true` or `1.5`.
 */
export function generationName(value: unknown): unknown {
  if (Number.isSafeInteger(value)) return String(value);
  const day =
    typeof value === "string" ? /^(\d{4}-\d\d-\d\d) 00:00:00 \+0000 UTC$/.exec(value)?.[1] : undefined;
  return day ?? value;
}

/**
 * The name that a generation gets which stands in a settings file without quotes, as Pulumi's YAML reads it: `007` is 7,
 * `010` is 8, `1e3` is 1000, `2026-1-5` is 2026-01-05.
 *
 * Source: resolve.go of go.yaml.in/yaml/v3, tried with Pulumi 3.259.
 *
 * @returns undefined where no name comes of it, as of `true`.
 */
export function unquotedName(text: string): string | undefined {
  if (/^(true|false|null|~|)$/i.test(text)) return undefined;
  const day = /^(\d{4})-(\d\d?)-(\d\d?)(?:(?: |[Tt])0?0:0?0:0?0(?:\.0+)?(?:Z|\+00:00)?)?$/.exec(text);
  if (day) {
    const date = day
      .slice(1)
      .map((digits) => digits.padStart(2, "0"))
      .join("-");
    return Number.isNaN(Date.parse(date)) ? text : date;
  }
  const digits = text.replaceAll("_", "");
  const number = /^0[0-7]+$/.test(digits)
    ? Number.parseInt(digits, 8)
    : /^(0[box][\da-f]+|[-+]?(\.\d+|\d+(\.\d*)?)(e[-+]?\d+)?)$/i.test(digits)
      ? Number(digits)
      : undefined;
  if (number === undefined || !Number.isFinite(number)) return text;
  return Number.isSafeInteger(number) ? String(number) : undefined;
}

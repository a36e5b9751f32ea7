import { Diagnostic } from "../protocol/resource.ts";
import type { Properties } from "../protocol/values.ts";
import { stringIn, type Json } from "./json.ts";

/**
 * The key credential that the inputs describe, as the official plugin sends it: the key is the PEM text in Base64,
 * whatever encoding it came in.
 *
 * @param randomKeyId - for a credential whose id the user leaves open.
 * @param summary - what has failed, should the inputs not do.
 */
export function keyCredential(inputs: Properties, randomKeyId: string, summary: string): Json {
  const startDate = stringIn(inputs, "startDate");
  const endDate = endOf(inputs, startDate, summary);
  return {
    ...(endDate !== undefined && { endDateTime: endDate }),
    key: Buffer.from(pemOf(inputs, summary)).toString("base64"),
    keyId: stringIn(inputs, "keyId") || randomKeyId,
    ...(startDate !== "" && { startDateTime: wholeSeconds(startDate) }),
    type: stringIn(inputs, "type"),
    usage: "Verify",
  };
}

function pemOf(inputs: Properties, summary: string): string {
  const value = stringIn(inputs, "value");
  const encoding = stringIn(inputs, "encoding");
  if (encoding === "pem") return value;
  const trimmed = value.trim();
  const pattern = encoding === "base64" ? /^[A-Za-z0-9+/\r\n]*={0,2}$/ : /^([0-9a-f]{2})*$/i;
  if (!pattern.test(trimmed)) {
    const notation = encoding === "hex" ? "hexadecimal" : encoding;
    throw new Diagnostic(summary, `failed to decode ${notation} certificate data`);
  }
  const base64 = Buffer.from(trimmed, encoding === "base64" ? "base64" : "hex").toString("base64");
  const lines = base64.match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

function endOf(inputs: Properties, startDate: string, summary: string): string | undefined {
  const endDate = stringIn(inputs, "endDate");
  if (endDate !== "") return wholeSeconds(endDate);
  const relative = stringIn(inputs, "endDateRelative");
  if (relative === "") return undefined;
  // The official plugin reads the duration as the start date, and so fails whenever both are given.
  if (startDate !== "") {
    const [rest, wanted] = /^\d{4}/.test(relative) ? [relative.slice(4), "-"] : [relative, "2006"];
    const reason = `parsing time "${relative}" as "2006-01-02T15:04:05Z07:00": cannot parse "${rest}" as "${wanted}"`;
    throw new Diagnostic(
      summary,
      `Unable to parse the provided start date "${relative}": ${reason}`,
      "start_date",
    );
  }
  return wholeSeconds(new Date(Date.now() + milliseconds(relative, summary)).toISOString());
}

/** Without fractions of a second, which Go's RFC 3339 format leaves out. */
function wholeSeconds(time: string): string {
  return time.replace(/\.\d+/, "");
}

/** A duration as Go writes it, such as 2400h30m. */
function milliseconds(duration: string, summary: string): number {
  const units: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
  if (!/^(\d+(\.\d+)?(h|ms|m|s))+$/.test(duration)) {
    throw new Diagnostic(
      summary,
      `Unable to parse \`end_date_relative\` ("${duration}") as a duration`,
      "end_date_relative",
    );
  }
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)];
  return parts.reduce((sum, [, amount = "0", unit = "s"]) => sum + Number(amount) * (units[unit] ?? 0), 0);
}

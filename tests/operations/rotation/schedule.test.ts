import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { timeText } from "../../../common/time.ts";
import { rotationDue } from "../../../operations/rotation/schedule.ts";

const day = 86_400_000;
const validity = {
  notBefore: Date.parse("2026-11-23T09:00:00Z"),
  notAfter: Date.parse("2026-11-23T09:00:00Z") + 364 * day,
};
const zone = process.env["TZ"];

afterEach(() => {
  if (zone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = zone;
});

test("is due in the twelfth of the lifetime before two thirds of it, at one stack's own time", () => {
  expect(timeText(rotationDue(validity, "exchange-auth/contoso"))).toBe("2027-07-10T06:16:34Z");
  expect(timeText(rotationDue(validity, "exchange-auth/fabrikam"))).toBe("2027-07-19T20:15:20Z");
});

test("goes by the certificate's actual lifetime", () => {
  for (const lifetime of [day, 90 * day, 730 * day]) {
    const due = rotationDue({ ...validity, notAfter: validity.notBefore + lifetime }, "contoso");
    const latest = validity.notBefore + (lifetime * 2) / 3;
    expect(due).toBeLessThanOrEqual(latest);
    expect(due).toBeGreaterThanOrEqual(latest - lifetime / 12 - 1000);
  }
});

test("or as long before the end as is asked for, never later", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 363 }), fc.string(), (days, name) => {
      const due = rotationDue(validity, name, days * day);
      expect(due).toBeLessThanOrEqual(validity.notAfter - days * day);
      expect(due).toBeGreaterThan(validity.notBefore);
    }),
  );
});

test("1,000 stacks are spread over the window, and each keeps its time", () => {
  const names = Array.from({ length: 1000 }, (_, index) => `exchange-auth/tenant-${index}`);
  const dueOf = () => names.map((name) => rotationDue(validity, name));
  const due = dueOf();
  expect(dueOf()).toEqual(due);
  const latest = validity.notBefore + (364 * day * 2) / 3;
  const window = (364 * day) / 12;
  const tenths = Array.from({ length: 10 }, () => 0);
  const hours = new Map<number, number>();
  for (const time of due) {
    expect(time).toBeLessThanOrEqual(latest);
    expect(time).toBeGreaterThan(latest - window - 1000);
    const tenth = Math.min(9, Math.floor(((latest - time) / window) * 10));
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    const hour = Math.floor(time / 3_600_000);
    hours.set(hour, (hours.get(hour) ?? 0) + 1);
  }
  expect(Math.min(...tenths)).toBeGreaterThan(70);
  expect(Math.max(...tenths)).toBeLessThan(130);
  expect(Math.max(...hours.values())).toBeLessThan(10);
});

test("a leap day counts as a day", () => {
  const leap = {
    notBefore: Date.parse("2028-02-28T12:00:00Z"),
    notAfter: Date.parse("2028-03-01T12:00:00Z"),
  };
  expect(leap.notAfter - leap.notBefore).toBe(2 * day);
  const due = rotationDue(leap, "contoso");
  expect(due).toBeLessThanOrEqual(Date.parse("2028-02-29T20:00:00Z"));
  expect(due).toBeGreaterThan(Date.parse("2028-02-29T15:59:00Z"));
});

test.each(["UTC", "America/New_York", "Pacific/Kiritimati", "Asia/Kathmandu"])(
  "a machine in %s says the same",
  (name) => {
    process.env["TZ"] = name;
    expect(timeText(rotationDue(validity, "exchange-auth/contoso"))).toBe("2027-07-10T06:16:34Z");
    expect(timeText(Date.parse("2027-03-28T01:30:00Z"))).toBe("2027-03-28T01:30:00Z");
  },
);

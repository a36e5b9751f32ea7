const number = String.raw`\d+(?:\.\d+)?`;

const pattern = new RegExp(
  String.raw`^P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?` +
    String.raw`(?:T(?=\d)(?:(${number})H)?(?:(${number})M)?(?:(${number})S)?)?$`,
);

const day = 86_400_000;

/** What each part of the pattern counts; a year has 365 days and a month 30, as .NET has it. */
const unitsMs = [365 * day, 30 * day, 7 * day, day, 3_600_000, 60_000, 1000];

/** An ISO 8601 duration, such as `P1Y`, `P30D` or `PT1H30M`, in milliseconds; undefined where the text is not one. */
export function isoDurationMs(text: string): number | undefined {
  const counts = pattern.exec(text)?.slice(1);
  return counts?.reduce((sum, count, index) => sum + Number(count ?? 0) * (unitsMs[index] ?? 0), 0);
}

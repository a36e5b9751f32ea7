const pattern = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const dayMs = 86_400_000;

/** An ISO 8601 duration in milliseconds; a year has 365 days and a month 30, as .NET has it. */
export function durationMs(duration: string): number {
  const [years = 0, months = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = (
    pattern.exec(duration) ?? []
  )
    .slice(1)
    .map((part) => Number(part ?? 0));
  return (years * 365 + months * 30 + days) * dayMs + ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

/** The time by which certificates are made and expire: `SANDBOX_TIME` (ISO 8601), else the machine's. */
export function now(): Date {
  const given = process.env["SANDBOX_TIME"];
  if (given === undefined || given === "") return new Date();
  const time = new Date(given);
  if (!Number.isNaN(time.getTime())) return time;
  throw new Error(`SANDBOX_TIME is no ISO 8601 time, got "${given}".`);
}

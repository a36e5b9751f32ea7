import * as v from "valibot";
import { RoleAssignment } from "../../../graph/objects.ts";

const optionalText = v.nullish(v.string());

/** From when and until when something is held, as Graph writes it. */
export const ScheduleInfo = v.nullish(
  v.object({
    startDateTime: optionalText,
    expiration: v.nullish(
      v.object({ type: optionalText, endDateTime: optionalText, duration: optionalText }),
    ),
  }),
);

/** A role that is held, or may be taken, for a time. */
export const Schedule = v.object({ ...RoleAssignment.entries, scheduleInfo: ScheduleInfo });

/** As the schema. */
export type Schedule = v.InferOutput<typeof Schedule>;

/** The times of a schedule, for a hash; undefined where Graph says none. */
export function timesOf({
  scheduleInfo,
}: {
  readonly scheduleInfo?: v.InferOutput<typeof ScheduleInfo>;
}): unknown {
  if (!scheduleInfo) return undefined;
  const { startDateTime, expiration } = scheduleInfo;
  return [
    instantOf(startDateTime),
    expiration?.type ?? null,
    instantOf(expiration?.endDateTime),
    expiration?.duration ?? null,
  ];
}

/** Graph writes one time with or without fractions. */
function instantOf(time: string | null | undefined): number | null {
  return time ? Date.parse(time) : null;
}

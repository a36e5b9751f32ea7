import { timeText } from "../../common/time.ts";

/** A time as Graph writes it. */
export const toGraphTime: (time: Date) => string = timeText;

import type { EntityType } from "./entityType.ts";
import { dateTime, guid, oneOf, readOnly, required, text, type PropertyTable } from "./property.ts";
import { requestProperties, scheduleProperties } from "./roleSchedules.ts";

const target: PropertyTable = {
  accessId: required(oneOf("owner", "member")),
  groupId: required(guid()),
  principalId: required(guid()),
};
const filterable = ["id", "accessId", "groupId", "principalId"];
const memberType = readOnly(oneOf("direct", "group"));
const assignmentType = readOnly(oneOf("assigned", "activated"));
const times: PropertyTable = { endDateTime: readOnly(dateTime()), startDateTime: readOnly(dateTime()) };

/** The types of Privileged Identity Management for groups, by what a principal gets. */
export const groupScheduleTypes = {
  assignment: {
    request: requestType("privilegedAccessGroupAssignmentScheduleRequest"),
    schedule: {
      name: "privilegedAccessGroupAssignmentSchedule",
      properties: { ...scheduleProperties, ...target, assignmentType, memberType },
      filterable: [...filterable, "assignmentType", "memberType"],
    },
    instance: {
      name: "privilegedAccessGroupAssignmentScheduleInstance",
      properties: {
        id: readOnly(text()),
        ...target,
        ...times,
        assignmentScheduleId: readOnly(text()),
        assignmentType,
        memberType,
      },
      filterable: [...filterable, "assignmentScheduleId", "assignmentType", "memberType"],
    },
  },
  eligibility: {
    request: requestType("privilegedAccessGroupEligibilityScheduleRequest"),
    schedule: {
      name: "privilegedAccessGroupEligibilitySchedule",
      properties: { ...scheduleProperties, ...target, memberType },
      filterable: [...filterable, "memberType"],
    },
    instance: {
      name: "privilegedAccessGroupEligibilityScheduleInstance",
      properties: {
        id: readOnly(text()),
        ...target,
        ...times,
        eligibilityScheduleId: readOnly(text()),
        memberType,
      },
      filterable: [...filterable, "eligibilityScheduleId", "memberType"],
    },
  },
} satisfies Record<string, Record<"request" | "schedule" | "instance", EntityType>>;

function requestType(name: string): EntityType {
  return {
    name,
    properties: { ...requestProperties, ...target },
    filterable: [...filterable, "status", "action"],
  };
}

import type { EntityType } from "./entityType.ts";
import { dateTime, guid, readOnly, record, text } from "./property.ts";

const activity = readOnly(record({ lastSignInDateTime: dateTime(), lastSignInRequestId: text() }));

/** `servicePrincipalSignInActivity`, which beta has. */
export const signInActivityType: EntityType = {
  name: "servicePrincipalSignInActivity",
  properties: {
    id: readOnly(text()),
    appId: readOnly(guid()),
    applicationAuthenticationClientSignInActivity: activity,
    applicationAuthenticationResourceSignInActivity: activity,
    delegatedClientSignInActivity: activity,
    delegatedResourceSignInActivity: activity,
    lastSignInActivity: activity,
  },
  filterable: ["id", "appId"],
};

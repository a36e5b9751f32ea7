import type { EntityType } from "./entityType.ts";
import { any, dateTime, flag, guid, integer, list, readOnly, record, text } from "./property.ts";

/** `organization`. */
export const organizationType: EntityType = {
  name: "organization",
  properties: {
    id: readOnly(guid()),
    deletedDateTime: readOnly(dateTime()),
    assignedPlans: readOnly(list(any())),
    businessPhones: readOnly(list(text())),
    city: readOnly(text()),
    country: readOnly(text()),
    countryLetterCode: readOnly(text()),
    createdDateTime: readOnly(dateTime()),
    defaultUsageLocation: readOnly(text()),
    displayName: readOnly(text()),
    marketingNotificationEmails: list(text()),
    mobileDeviceManagementAuthority: readOnly(text()),
    onPremisesLastSyncDateTime: readOnly(dateTime()),
    onPremisesSyncEnabled: readOnly(flag()),
    partnerTenantType: readOnly(text()),
    postalCode: readOnly(text()),
    preferredLanguage: readOnly(text()),
    privacyProfile: record({ contactEmail: text(), statementUrl: text() }),
    provisionedPlans: readOnly(list(any())),
    securityComplianceNotificationMails: list(text()),
    securityComplianceNotificationPhones: list(text()),
    state: readOnly(text()),
    street: readOnly(text()),
    technicalNotificationMails: list(text()),
    tenantType: readOnly(text()),
    verifiedDomains: readOnly(list(any())),
  },
  beta: { onPremisesLastPasswordSyncDateTime: readOnly(dateTime()) },
  filterable: [],
};

/** `subscribedSku`. */
export const subscribedSkuType: EntityType = {
  name: "subscribedSku",
  properties: {
    id: readOnly(text()),
    accountId: readOnly(text()),
    accountName: readOnly(text()),
    appliesTo: readOnly(text()),
    capabilityStatus: readOnly(text()),
    consumedUnits: readOnly(integer()),
    prepaidUnits: readOnly(any()),
    servicePlans: readOnly(list(any())),
    skuId: readOnly(guid()),
    skuPartNumber: readOnly(text()),
    subscriptionIds: readOnly(list(text())),
  },
  filterable: [],
};

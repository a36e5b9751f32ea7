/**
 * Who may sign in to an application that is for its own tenant alone.
 *
 * Source: https://learn.microsoft.com/graph/api/resources/application, `signInAudience`.
 */
export const ownTenantAudience = "AzureADMyOrg";

/**
 * The longest that an application's token lives where no token lifetime policy says otherwise, in milliseconds: Entra
 * gives each 60 to 90 minutes. Source: Microsoft's page "Configurable token lifetimes".
 */
export const longestTokenMs = 90 * 60_000;

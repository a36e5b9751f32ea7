/** The field's words that no general dictionary has. */
export const dictionary: readonly string[] = [
  "azuread",
  "cmdlet",
  "cmdlets",
  "Entra",
  "keyCredential",
  "PFX",
  "PEM",
  "Pulumi",
];

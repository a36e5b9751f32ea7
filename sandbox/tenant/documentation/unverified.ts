/** Something of the tenant's that no source of Microsoft's confirms. */
export interface Unverified {
  readonly area: "Sign-in" | "Microsoft Graph" | "Exchange";
  /** What the tenant does. */
  readonly behaviour: string;
  /** What is known, and what is not. */
  readonly note: string;
}

/** Everything that is believed or chosen, and not documented by Microsoft. */
export const unverified: readonly Unverified[] = [
  {
    area: "Sign-in",
    behaviour: "AADSTS50027 for an assertion that cannot be read, names no key, or uses another algorithm",
    note: "Reported for malformed JWTs; Microsoft's list of errors lacks it.",
  },
  {
    area: "Sign-in",
    behaviour: "AADSTS700211, 700212, 700213 and 70025 for federated assertions",
    note: "Numbers and texts as reported by many clients; Microsoft's list of errors lacks them.",
  },
  {
    area: "Sign-in",
    behaviour: "AADSTS7000229 for an application without service principal",
    note: "Number, text and status as reported; Microsoft's list of errors lacks it.",
  },
  {
    area: "Sign-in",
    behaviour: "AADSTS7000112 for an application whose `isDisabled` is true",
    note: "Microsoft documents that new tokens are refused, with a message that the owner has disabled the application; the number is that of a disabled service principal.",
  },
  {
    area: "Sign-in",
    behaviour: "AADSTS53003 comes with status 400 and `access_denied`",
    note: "The number is documented; which OAuth code goes with it for a client without a user is not.",
  },
  {
    area: "Sign-in",
    behaviour: "AADSTS700024, 700021 and 700023 come with status 401 and `invalid_client`",
    note: "The numbers are documented or reported; the status is inferred from the other refusals of assertions.",
  },
  {
    area: "Sign-in",
    behaviour: "AADSTS700027 says “The key used is expired.” for a key credential outside its time",
    note: "Reported; the wording varies.",
  },
  {
    area: "Sign-in",
    behaviour: "An assertion may come again with the same `jti` while it is valid",
    note: "MSAL for Node sends one assertion for several scopes, so Entra must take it; Microsoft does not say so. With `refuseReplayedAssertions` the server refuses it with AADSTS50013.",
  },
  {
    area: "Sign-in",
    behaviour:
      "`wids` holds the roles that are assigned over the whole tenant, and an ID that belongs to no role",
    note: "Published app-only tokens contain the ID `0997a1d0-0d1d-4acb-b408-d5ca73121e90`. Its meaning is not documented.",
  },
  {
    area: "Sign-in",
    behaviour:
      "Tokens for Security & Compliance are for the service principal of Microsoft Exchange Online Protection, in every cloud; without that one the sign-in answers AADSTS500011",
    note: "Microsoft asks for Exchange.ManageAsApp on that resource in every cloud; that the audience of the tokens is one of its names is inferred.",
  },
  {
    area: "Sign-in",
    behaviour:
      "A request with both a secret and an assertion, or with an unknown parameter, is refused with AADSTS9002313",
    note: "Chosen, so that mistakes show.",
  },
  {
    area: "Microsoft Graph",
    behaviour:
      "`Unsupported Query.` for `ne`, `not` and `endswith` without `ConsistencyLevel: eventual` and `$count=true`",
    note: "That objects of the directory refuse them is documented, the text is not.",
  },
  {
    area: "Microsoft Graph",
    behaviour:
      "`$search` compares the beginnings of words in `displayName` and `description`, and the beginning of other properties",
    note: "Documented in words; where a text is cut into words is not said exactly.",
  },
  {
    area: "Microsoft Graph",
    behaviour:
      "Names in `$select`, `$filter`, `$orderby` and `$expand` in any case, and `url` in a batch without its slash",
    note: "CIPP, PnP PowerShell and Maester send them so; Microsoft's pages do not say it.",
  },
  {
    area: "Microsoft Graph",
    behaviour:
      "`Must specify valid property scope of entity RoleAssignment.` for every scope that a role cannot have",
    note: "Reported for an empty scope; that roles outside Microsoft's list are refused over an administrative unit is documented, the text is not.",
  },
  {
    area: "Microsoft Graph",
    behaviour: "404 for a role assignment with an unknown role or principal",
    note: "404 is reported for principals that have not replicated; for role definitions it is inferred.",
  },
  {
    area: "Microsoft Graph",
    behaviour: "The IDs of role assignments with a scope other than `/`",
    note: "The form for `/` follows Microsoft's examples.",
  },
  {
    area: "Microsoft Graph",
    behaviour: "`KeyCredentialsInvalidType`, `KeyCredentialsInvalidKeyId`, `KeyCredentialsInvalidStartDate`",
    note: "Named after `KeyCredentialsInvalidEndDate` and `KeyCredentialsInvalidValue`, which are reported.",
  },
  {
    area: "Microsoft Graph",
    behaviour:
      "A key credential without `displayName` takes the certificate's subject, without `startDateTime` its beginning",
    note: "Seen in the portal; not documented.",
  },
  {
    area: "Microsoft Graph",
    behaviour: "Certificates with elliptic keys are refused",
    note: "Entra's sign-in documents RSA signatures only; at which point an elliptic certificate is refused is not documented.",
  },
  {
    area: "Microsoft Graph",
    behaviour:
      "What was granted to a service principal is not there any more after it has been deleted and restored",
    note: "Microsoft documents what is restored for users and groups only.",
  },
  {
    area: "Microsoft Graph",
    behaviour: "At most 1000 key credentials on one object",
    note: "Microsoft documents a limit of about 1000 items in all lists together of an application.",
  },
  {
    area: "Microsoft Graph",
    behaviour: "The codes of refused eligibility requests, and that service principals are refused",
    note: "Microsoft documents that service principals cannot be eligible; the error is not documented.",
  },
  {
    area: "Microsoft Graph",
    behaviour:
      "`CannotUpdateLockedServicePrincipalProperty` for every change of what a lock holds, removals too; secrets go with `credentialsWithUsageVerify`; the lock holds in the application's own tenant as well",
    note: "Code and text are reported for secrets, in the application's own tenant too; a later form of the code ends in `WithEnforcementScope`. Of removals and of certificates there is no report.",
  },
  {
    area: "Microsoft Graph",
    behaviour:
      "With App Instance Lock on by default (a seed's `appInstanceLock`), an application that is created without a lock has every part of it",
    note: "Microsoft announced it for new applications (MC1300584, June 2026); whether it covers those that are created through Graph, and which parts are set, is not documented.",
  },
  {
    area: "Microsoft Graph",
    behaviour: "RoleAssignmentSchedule.Read.Directory reads `roleAssignmentSchedules` as an application",
    note: "The page of the instances lists it; that of the schedules lists it for people, and for applications the wider ones alone.",
  },
  {
    area: "Microsoft Graph",
    behaviour:
      "Service principals can be eligible for a place in a group; the errors of group schedules are those of roles",
    note: "Microsoft says of roles that they cannot; of groups it says nothing. That a list without a filter is refused is documented, its text is reported.",
  },
  {
    area: "Microsoft Graph",
    behaviour:
      "`managerApplications` can be written in both versions, and gives no rights here; v1.0 shows a federated credential with an expression without subject and expression",
    note: "The metadata of v1.0 has the first, that of beta alone the expression; neither is described further.",
  },
  {
    area: "Microsoft Graph",
    behaviour:
      "Service principals have federated identity credentials of their own, which are written as those of applications",
    note: "The metadata has the relationship; Microsoft's pages describe it for applications.",
  },
  {
    area: "Microsoft Graph",
    behaviour: "A tenant's 501st role-assignable group answers 403 `Directory_QuotaExceeded`",
    note: "The limit of 500 is documented, the error is not. That such a group takes no group as a member, and that other groups take no role, is reported with its texts.",
  },
  {
    area: "Microsoft Graph",
    behaviour:
      "A service principal in a group has the group's directory roles, in `wids` as if they were its own; those that the group is eligible for it cannot activate",
    note: "Microsoft documents that members of a role-assignable group are assigned its roles, and that service principals may be members; of `wids` it does not say so.",
  },
  {
    area: "Microsoft Graph",
    behaviour:
      "`CredentialTypeNotAllowedAsPerAppPolicy` for a certificate of no trusted authority; an application's own policy that is not enabled lifts the tenant's",
    note: "The code is reported for secrets. Microsoft documents that the own policy goes before the tenant's, not what one does that is not enabled.",
  },
  {
    area: "Microsoft Graph",
    behaviour:
      "`excludeActors` compares the caller's attribute with a text, exactly; lists of values fit none",
    note: "Microsoft documents the comparison of texts, case-sensitive, and of nothing else.",
  },
  {
    area: "Microsoft Graph",
    behaviour: "The texts for malformed batches, values and queries where Graph's own are not known",
    note: "Status and code follow Graph's; texts name what is wrong.",
  },
  {
    area: "Exchange",
    behaviour: "The admin API of Exchange's PowerShell module (`InvokeCommand`)",
    note: "Not documented by Microsoft; behavior as reported by projects that use it: 401 without content without the permission, 403 with the permission alone, 200 with both.",
  },
  {
    area: "Exchange",
    behaviour: "Which directory role may run which cmdlet, and how a cmdlet that it may not run is refused",
    note: "Inferred from Microsoft's description of the roles.",
  },
  {
    area: "Exchange",
    behaviour: "A tenant without license answers 404",
    note: "The text is reported for other parts of Exchange.",
  },
  {
    area: "Exchange",
    behaviour: "Cmdlets' outputs have few properties",
    note: "Those that say who and what something is.",
  },
];

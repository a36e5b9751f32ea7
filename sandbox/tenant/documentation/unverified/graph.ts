import type { Unverified } from "./entry.ts";

/** As `unverified`, of Microsoft Graph. */
export const unverifiedGraph: readonly Unverified[] = [
  {
    id: "advancedOperators",
    area: "Microsoft Graph",
    behaviour:
      "`Unsupported Query.` for `ne`, `not` and `endswith` without `ConsistencyLevel: eventual` and `$count=true`",
    note: "Microsoft documents that directory objects refuse these operators, and not the text.",
  },
  {
    id: "search",
    area: "Microsoft Graph",
    behaviour:
      "`$search` compares the beginning of each word in `displayName` and `description`, and the beginning of other properties",
    note: "Microsoft describes this in words, and not exactly how a text is split into words.",
  },
  {
    id: "letterCase",
    area: "Microsoft Graph",
    behaviour:
      "`$select`, `$filter`, `$orderby` and `$expand` accept names, operators and functions in uppercase and lowercase, `$select` accepts `*` and `@odata.type`, and a batch accepts a `url` without its slash",
    note: "CIPP, PnP PowerShell and Maester send such requests. Microsoft's pages do not mention it.",
  },
  {
    id: "referenceForm",
    area: "Microsoft Graph",
    behaviour:
      "`/$ref` lists references that end in `/v2/TENANT-ID/directoryObjects/ID/Microsoft.DirectoryServices.User` or another type",
    note: "Published answers have such references next to objects. OData describes the form of the list.",
  },
  {
    id: "idFunctions",
    area: "Microsoft Graph",
    behaviour:
      "`getByIds` answers each ID once and leaves out IDs that do not exist, and `getMemberGroups` answers groups only",
    note: "Microsoft documents what the functions are for, and none of these cases.",
  },
  {
    id: "optionsInsideExpand",
    area: "Microsoft Graph",
    behaviour:
      "400 `Request_UnsupportedQuery` for an option other than `$select` inside `$expand`, and for `$levels` unless it is a user's manager",
    note: "Microsoft lists as a known issue that expansions of directory objects nest no other options. It does not give the error.",
  },
  {
    id: "sameUniqueName",
    area: "Microsoft Graph",
    behaviour:
      "A second object of one type with the same `uniqueName` is refused as other conflicts are. Upserts answer 201 or 204 as documented",
    note: "Microsoft documents that `uniqueName` is an alternate key, and not the error.",
  },
  {
    id: "ownReplyUrls",
    area: "Microsoft Graph",
    behaviour:
      "A service principal of its own tenant's application takes `replyUrls`, and shows them after the redirect URIs of the application's platform `web`",
    note: "Microsoft documents the property as writable, and not what it shows of the application.",
  },
  {
    id: "usersLastSignIn",
    area: "Microsoft Graph",
    behaviour:
      "`signInActivity` of users is empty. It needs AuditLog.Read.All, or the answer is 403 `Authentication_MSGraphPermissionMissing`. A tenant without a premium license answers as its reports do",
    note: "Users report the codes and texts.",
  },
  {
    id: "missingLogo",
    area: "Microsoft Graph",
    behaviour: "404 `Request_ResourceNotFound` if you read the logo of an application that has none",
    note: "Microsoft documents `logo` as a stream, and not this answer.",
  },
  {
    id: "logoRefusal",
    area: "Microsoft Graph",
    behaviour: "The answer is 400 if a logo is not a GIF, JPEG or PNG, or has more than 100 KB",
    note: "Microsoft documents types and size, and not the error.",
  },
  {
    id: "typedLists",
    area: "Microsoft Graph",
    behaviour:
      "A list of one type, such as `/owners/microsoft.graph.user`, needs no `ConsistencyLevel: eventual`. Its objects have no `@odata.type`",
    note: "CLI for Microsoft 365 and CIPP send such requests without the header. Microsoft lists them under advanced queries. The missing annotation follows the rules of OData.",
  },
  {
    id: "managerReferences",
    area: "Microsoft Graph",
    behaviour:
      "A reference can name a user by user principal name. A manager who is not a user is refused like such an owner. The answer is 404 if you remove a manager and there is none. A manager who was deleted and restored is no manager",
    note: "CLI for Microsoft 365 and Microsoft365DSC send such names. Microsoft documents the requests, and none of these cases.",
  },
  {
    id: "roleGivenTwice",
    area: "Microsoft Graph",
    behaviour:
      "You cannot give an activated directory role twice to one principal. The answer is that of other references",
    note: "Microsoft documents the request, and not this error.",
  },
  {
    id: "wrongRoleScope",
    area: "Microsoft Graph",
    behaviour:
      "`Must specify valid property scope of entity RoleAssignment.` for every scope that a role cannot have",
    note: "Users report the text for an empty scope. Microsoft documents that a role outside its list cannot be assigned over an administrative unit, and not the text.",
  },
  {
    id: "unknownRoleOrPrincipal",
    area: "Microsoft Graph",
    behaviour: "404 for a role assignment with an unknown role or principal",
    note: "Users report 404 for principals that have not replicated. For role definitions, it is inferred.",
  },
  {
    id: "scopedAssignmentId",
    area: "Microsoft Graph",
    behaviour: "The IDs of role assignments with a scope other than `/`",
    note: "The form for `/` follows Microsoft's examples.",
  },
  {
    id: "keyCredentialCodes",
    area: "Microsoft Graph",
    behaviour: "`KeyCredentialsInvalidType`, `KeyCredentialsInvalidKeyId`, `KeyCredentialsInvalidStartDate`",
    note: "The names follow `KeyCredentialsInvalidEndDate` and `KeyCredentialsInvalidValue`, which users report.",
  },
  {
    id: "keyCredentialDefaults",
    area: "Microsoft Graph",
    behaviour:
      "A key credential without `displayName` gets the certificate's subject, and one without `startDateTime` gets its start",
    note: "The portal shows this. Microsoft does not document it.",
  },
  {
    id: "ellipticKeys",
    area: "Microsoft Graph",
    behaviour: "Certificates with elliptic keys are refused",
    note: "Microsoft documents RSA signatures only for the sign-in, and not when Entra refuses an elliptic certificate.",
  },
  {
    id: "restoredServicePrincipal",
    area: "Microsoft Graph",
    behaviour: "A service principal that was deleted and restored has lost everything that was granted to it",
    note: "Microsoft documents only for users and groups what is restored.",
  },
  {
    id: "keyCredentialLimit",
    area: "Microsoft Graph",
    behaviour: "At most 1000 key credentials on one object",
    note: "Microsoft documents a limit of about 1000 items in all lists together of an application.",
  },
  {
    id: "eligibilityCodes",
    area: "Microsoft Graph",
    behaviour: "The codes of refused eligibility requests, and of requests for a service principal",
    note: "Microsoft documents that service principals cannot be eligible, and not the error.",
  },
  {
    id: "instanceLock",
    area: "Microsoft Graph",
    behaviour:
      "`CannotUpdateLockedServicePrincipalProperty` for every change of a locked property, including removals. `credentialsWithUsageVerify` also locks secrets. The lock also applies in the application's own tenant",
    note: "Users report the code and the text for secrets, also in the application's own tenant. A later form of the code ends in `WithEnforcementScope`. There is no report about removals or certificates.",
  },
  {
    id: "instanceLockByDefault",
    area: "Microsoft Graph",
    behaviour:
      "With App Instance Lock by default (a seed's `appInstanceLock`), an application that is created without a lock gets every part of it",
    note: "Microsoft announced it for new applications (MC1300584, June 2026). It does not document which parts are set, or whether this includes applications that are created through Graph.",
  },
  {
    id: "roleSchedulePermission",
    area: "Microsoft Graph",
    behaviour: "RoleAssignmentSchedule.Read.Directory reads `roleAssignmentSchedules` as an application",
    note: "The page about instances lists it. The page about schedules lists it for people. For applications, it lists only the wider permissions.",
  },
  {
    id: "groupEligibility",
    area: "Microsoft Graph",
    behaviour:
      "Service principals can be eligible to join a group. Group schedules have the same errors as roles",
    note: "Microsoft says that they cannot be eligible for roles, and says nothing about groups. It documents that a list without a filter is refused. Users report the text.",
  },
  {
    id: "managersAndExpressions",
    area: "Microsoft Graph",
    behaviour:
      "You can write `managerApplications` in both versions. It gives no rights in the sandbox. v1.0 shows a federated credential that has an expression without its subject and expression",
    note: "The metadata of v1.0 has `managerApplications`. Only the metadata of beta has the expression. Microsoft describes neither further.",
  },
  {
    id: "federationOfServicePrincipals",
    area: "Microsoft Graph",
    behaviour:
      "Service principals have federated identity credentials of their own. You write them as those of applications",
    note: "The metadata has this relationship. Microsoft's pages describe it for applications.",
  },
  {
    id: "roleGroupQuota",
    area: "Microsoft Graph",
    behaviour: "A tenant's 501st role-assignable group answers 403 `Directory_QuotaExceeded`",
    note: "Microsoft documents the limit of 500, and not the error. Users report, with the texts, that such a group cannot have a group as a member, and that other groups cannot have a role.",
  },
  {
    id: "updatedRoleAssignment",
    area: "Microsoft Graph",
    behaviour:
      "`adminUpdate` gives an assignment that has no end one, and takes it away. The assignment keeps its ID, and there is no moment without it. `DELETE` of the assignment ends the schedule, too",
    note: "Microsoft documents `adminUpdate` for existing assignments. It says nothing about assignments that were made without Privileged Identity Management, or about the ID.",
  },
  {
    id: "timedServicePrincipalRole",
    area: "Microsoft Graph",
    behaviour:
      "A service principal's active assignment can have an end. A request without `startDateTime` begins at once, and requests stay listed",
    note: "Microsoft documents active assignments of service principals with an end, and `startDateTime` as when an assignment becomes active. It does not say what happens without one, or how long requests are kept.",
  },
  {
    id: "rolePolicyRules",
    area: "Microsoft Graph",
    behaviour:
      "The rules of Privileged Identity Management for active assignments hold for an application that assigns. An application breaks a rule that asks for MFA. `roleManagementPolicyAssignments` without a filter by scope answers 400",
    note: "Users report `RoleAssignmentRequestPolicyValidationFailed` with the names of the rules. Microsoft documents that the filter is needed, and not the error.",
  },
  {
    id: "rolesThroughGroups",
    area: "Microsoft Graph",
    behaviour:
      "A service principal in a group has the group's directory roles, and `wids` shows them like its own. It cannot activate roles that the group is eligible for",
    note: "Microsoft documents that members of a role-assignable group get its roles, and that service principals can be members. It says nothing about `wids`.",
  },
  {
    id: "trustedAuthorityCode",
    area: "Microsoft Graph",
    behaviour:
      "`CredentialTypeNotAllowedAsPerAppPolicy` for a certificate that no trusted authority issued. If an application's own policy is not enabled, the tenant's policy does not apply to it either",
    note: "Users report the code for secrets. Microsoft documents that the application's own policy has precedence over the tenant's, and not what happens if it is not enabled.",
  },
  {
    id: "excludedActors",
    area: "Microsoft Graph",
    behaviour:
      "`excludeActors` compares the caller's attribute exactly with a text. A list of values matches nobody",
    note: "Microsoft documents only the comparison of texts, which is case-sensitive.",
  },
  {
    id: "malformedTexts",
    area: "Microsoft Graph",
    behaviour: "The texts for malformed batches, values and queries, if Graph's own are not known",
    note: "The status and the code follow Graph's. The texts name what is wrong.",
  },
];

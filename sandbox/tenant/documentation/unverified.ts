/** A behavior of the sandbox's tenant that no source of Microsoft confirms. */
export interface Unverified {
  /** Its short name, in reports and on pages. It is released: it never changes, and no other belief gets it. */
  readonly id: string;
  readonly area: "Sign-in" | "Microsoft Graph" | "Exchange" | "Key Vault";
  /** What the tenant does. */
  readonly behaviour: string;
  /** What is known, and what is not. */
  readonly note: string;
}

/** Everything that the sandbox's tenant does without a source of Microsoft that confirms it. */
export const unverified: readonly Unverified[] = [
  {
    id: "unreadableAssertion",
    area: "Sign-in",
    behaviour: "AADSTS50027 for an assertion that cannot be read, names no key, or uses another algorithm",
    note: "Users report it for malformed JWTs. Microsoft's list of errors does not have it.",
  },
  {
    id: "federatedAssertionCodes",
    area: "Sign-in",
    behaviour: "AADSTS700211, 700212, 700213 and 70025 for federated assertions",
    note: "Users of many clients report these numbers and texts. Microsoft's list of errors does not have them.",
  },
  {
    id: "missingServicePrincipal",
    area: "Sign-in",
    behaviour: "AADSTS7000229 for an application without a service principal",
    note: "Users report the number, the text and the status. Microsoft's list of errors does not have it.",
  },
  {
    id: "disabledApplication",
    area: "Sign-in",
    behaviour: "AADSTS7000112 for an application whose `isDisabled` is true",
    note: "Microsoft documents that Entra refuses new tokens, with a message that the owner has disabled the application. The number is the one of a disabled service principal.",
  },
  {
    id: "conditionalAccessBlock",
    area: "Sign-in",
    behaviour: "AADSTS53003 comes with status 400 and `access_denied`",
    note: "Microsoft documents the number, and not which OAuth code a client without a user gets with it.",
  },
  {
    id: "wrongAssertionClaims",
    area: "Sign-in",
    behaviour: "AADSTS700024, 700021 and 700023 come with status 401 and `invalid_client`",
    note: "The numbers are documented or reported. The status is inferred from other refused assertions.",
  },
  {
    id: "keyOutsideItsTime",
    area: "Sign-in",
    behaviour: "AADSTS700027 says “The key used is expired.” for a key credential outside its time",
    note: "Users report it. The wording varies.",
  },
  {
    id: "repeatedAssertion",
    area: "Sign-in",
    behaviour: "A client can send an assertion again, with the same `jti`, while it is valid",
    note: "MSAL for Node sends one assertion for several scopes, so Entra must accept it. Microsoft does not say so. With `refuseReplayedAssertions`, the sandbox refuses it with AADSTS50013.",
  },
  {
    id: "roleClaims",
    area: "Sign-in",
    behaviour:
      "`wids` has the roles that are assigned over the whole tenant, and an ID that belongs to no role",
    note: "Published app-only tokens contain the ID `0997a1d0-0d1d-4acb-b408-d5ca73121e90`. Its meaning is not documented.",
  },
  {
    id: "complianceAudience",
    area: "Sign-in",
    behaviour:
      "Tokens for Security & Compliance are for the service principal of Microsoft Exchange Online Protection, in every cloud. If it is missing, the sign-in answers AADSTS500011",
    note: "Microsoft asks for Exchange.ManageAsApp of that service in every cloud. From that, it is inferred that one of its names is the audience of the tokens.",
  },
  {
    id: "ambiguousSignIn",
    area: "Sign-in",
    behaviour:
      "AADSTS9002313 for a request with both a secret and an assertion, or with an unknown parameter",
    note: "The sandbox does this so that you notice mistakes.",
  },
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
  {
    id: "adminApi",
    area: "Exchange",
    behaviour: "The admin API of Exchange's PowerShell module (`InvokeCommand`)",
    note: "Microsoft does not document it. Projects that use it report this behavior: 401 without content if the permission is missing, 403 with the permission alone, and 200 with the permission and a role.",
  },
  {
    id: "cmdletRights",
    area: "Exchange",
    behaviour: "Which directory role, and which management role, can run which cmdlet",
    note: "Inferred from Microsoft's description of the roles and role groups.",
  },
  {
    id: "foreignCmdlet",
    area: "Exchange",
    behaviour: "403 `Forbidden` with “User is not allowed to call” for another cmdlet",
    note: "Users report the text, with 401 and with 403.",
  },
  {
    id: "roleGroupAlone",
    area: "Exchange",
    behaviour:
      "An application without a directory role connects if it is in a role group of the service. Its rights hold for tokens that were issued before",
    note: "Microsoft documents role groups as a way of their own, and not that tokens need no new role.",
  },
  {
    id: "roleManagementCmdlets",
    area: "Exchange",
    behaviour:
      "An application with “Role Management” can run `New-ServicePrincipal`, `New-RoleGroup`, `Add-RoleGroupMember`, `New-ManagementRoleAssignment` and `New-ManagementScope`, in Exchange Online and Security & Compliance",
    note: "CIPP runs `New-ServicePrincipal` as an application in both. For the others, Microsoft's page shows the cmdlets and not who runs them.",
  },
  {
    id: "managedBy",
    area: "Exchange",
    behaviour: "`New-RoleGroup` as an application needs `-ManagedBy`",
    note: 'Users report the error for unattended sessions and for guests, and that `-ManagedBy "Organization Management"` helps guests (OfficeDocs-Exchange #2481).',
  },
  {
    id: "assignmentToApplication",
    area: "Exchange",
    behaviour: "`New-ManagementRoleAssignment -App` gives any management role",
    note: "Microsoft's page allows only application roles with `-App`. Two projects report that roles such as View-Only Recipients work.",
  },
  {
    id: "roleGroupMemberForm",
    area: "Exchange",
    behaviour:
      "`Get-RoleGroupMember` shows a service principal with its object ID as `Name` and `ExternalDirectoryObjectId`. `Get-ManagementRoleAssignment -RoleAssignee` shows only direct assignments",
    note: "Microsoft documents neither for service principals.",
  },
  {
    id: "administrativeUnitScope",
    area: "Exchange",
    behaviour:
      "An assignment over an administrative unit has `RecipientWriteScope` “AdministrativeUnit”, and the unit's object ID as `CustomRecipientWriteScope`",
    note: "Microsoft365DSC reads it so. Whether it is the object ID of Entra is not documented.",
  },
  {
    id: "scopeRefusals",
    area: "Exchange",
    behaviour:
      "The text and the status 400 for a recipient outside the write scope, and for a scope that is in use",
    note: "Users report the first text without a status. The second is inferred.",
  },
  {
    id: "unlicensedTenant",
    area: "Exchange",
    behaviour: "A tenant without a license answers 404",
    note: "Users report the text for other parts of Exchange.",
  },
  {
    id: "cmdletOutput",
    area: "Exchange",
    behaviour: "The output of a cmdlet has few properties",
    note: "The sandbox has only the properties that identify an object.",
  },
  {
    id: "keyVault",
    area: "Key Vault",
    behaviour:
      "`GET /certificates/{name}/{version}` and `POST /keys/{name}/{version}/sign`, for PS256 and version 7.4 of the API. The server's address is the only vault. Anyone who may use it may do both",
    note: "The routes and the fields follow Microsoft's reference. Roles of Azure and access policies are not in the sandbox. Users report the texts of the errors.",
  },
];

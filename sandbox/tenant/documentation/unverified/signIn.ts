import type { Unverified } from "./entry.ts";

/** As `unverified`, of sign-in. */
export const unverifiedSignIn: readonly Unverified[] = [
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
];

import { counted } from "../../../common/counted.ts";
import * as v from "valibot";
import { contentHash } from "../../findings/contentHash.ts";
import type { AuditRule, DeclaringResource } from "../rule.ts";
import { readsAll, readsOne } from "../rule.ts";
import { ImplicitGrantSettings, NamedObject, RedirectUris, Reference } from "../../../graph/objects.ts";
import { isSame, texts } from "../stateValues.ts";
import type { StackComponent } from "../../../stack/components.ts";
import { applicationPart, applicationPath, principalPart, principalPath } from "./parts.ts";

const Platforms = v.object({ web: RedirectUris, spa: RedirectUris, publicClient: RedirectUris });
const platforms = ["web", "spa", "publicClient"] as const;

const ReplyUrls = v.object({ replyUrls: v.nullish(v.array(v.string())) });

const ImplicitGrant = v.object({
  web: v.nullish(
    v.object({
      implicitGrantSettings: ImplicitGrantSettings,
    }),
  ),
});
const PublicClient = v.object({ isFallbackPublicClient: v.nullish(v.boolean()) });
const PreAuthorized = v.object({
  api: v.nullish(
    v.object({
      preAuthorizedApplications: v.nullish(
        v.array(v.object({ appId: Reference, delegatedPermissionIds: v.nullish(v.array(v.string())) })),
      ),
    }),
  ),
});
const Behaviors = v.object({
  authenticationBehaviors: v.nullish(v.record(v.string(), v.unknown())),
});
/** Where `false` keeps what Microsoft has changed for security. */
const safeguards = ["blockAzureADGraphAccess", "removeUnverifiedEmailClaim", "requireClientServicePrincipal"];
const Disabled = v.object({ isDisabled: v.nullish(v.boolean()) });

const signIns = {
  severity: "medium",
  why: "Somebody can redirect people's sign-ins to the application, and take their tokens.",
} as const;

/** Doors for people, and what the application owns itself. */
export const signInRules: readonly AuditRule[] = [
  {
    id: "EXO-AUDIT-REDIRECT-URI",
    title: "Redirect URI of the application",
    ...signIns,
    source: "https://learn.microsoft.com/entra/identity-platform/reply-url",
    reads: [
      readsOne(applicationPart, { schema: Platforms, select: [...platforms] }, (value) => ({
        items: platforms.flatMap((platform) =>
          (value[platform]?.redirectUris ?? []).map((uri) => ({
            key: `${platform} ${uri}`,
            found: `${uri} (${platform})`,
          })),
        ),
      })),
      // Entra copies the application's, and lets one write others.
      readsOne(principalPart, { schema: ReplyUrls, select: ["replyUrls"] }, ({ replyUrls }) => ({
        items: (replyUrls ?? []).map((uri) => ({
          key: `servicePrincipal ${uri}`,
          copyOf: platforms.map((platform) => `${platform} ${uri}`),
          found: `${uri} (replyUrls of the service principal)`,
          remedy: "remove it from the service principal's replyUrls, with Microsoft Graph",
        })),
      })),
    ],
    declaredBy: { Application: ofApplication(redirectUris) },
  },
  {
    id: "EXO-AUDIT-IMPLICIT-GRANT",
    title: "Implicit grant of the application",
    ...signIns,
    source: "https://learn.microsoft.com/graph/api/resources/implicitgrantsettings",
    reads: [
      readsOne(applicationPart, { schema: ImplicitGrant, select: ["web"] }, ({ web }) => ({
        items: Object.entries(web?.implicitGrantSettings ?? {})
          .filter(([, enabled]) => enabled === true)
          .map(([name]) => ({ key: name, found: `${name} is on` })),
      })),
    ],
  },
  {
    id: "EXO-AUDIT-PUBLIC-CLIENT",
    title: "Public client flows of the application",
    ...signIns,
    why: "Anybody can sign people in through it, without the application's credentials.",
    source: "https://learn.microsoft.com/entra/identity-platform/msal-client-applications",
    reads: [
      readsOne(
        applicationPart,
        { schema: PublicClient, select: ["isFallbackPublicClient"] },
        ({ isFallbackPublicClient }) => ({
          items:
            isFallbackPublicClient === true
              ? [{ key: "isFallbackPublicClient", found: "isFallbackPublicClient is on" }]
              : [],
        }),
      ),
      readsOne(applicationPart, { schema: Disabled, select: ["isDisabled"] }, ({ isDisabled }) => ({
        items: [],
        notes:
          isDisabled === true
            ? [
                "The application is blocked (isDisabled). It gets no token, so nothing that is found here works now.",
              ]
            : [],
      })),
    ],
    declaredBy: {
      Application: ofApplication(({ wanted }) =>
        wanted["fallbackPublicClientEnabled"] === true ? ["isFallbackPublicClient"] : [],
      ),
    },
  },
  {
    id: "EXO-AUDIT-PRE-AUTHORIZED",
    title: "Application that needs nobody's consent to call this one",
    severity: "low",
    why: "It gets tokens for this application in the name of its users, without asking them.",
    source: "https://learn.microsoft.com/graph/api/resources/preauthorizedapplication",
    reads: [
      readsOne(applicationPart, { schema: PreAuthorized, select: ["api"] }, ({ api }) => ({
        items: (api?.preAuthorizedApplications ?? []).map(({ appId, delegatedPermissionIds }) => {
          const permissions = (delegatedPermissionIds ?? []).toSorted();
          return {
            key: appId,
            subject: `${appId} ${contentHash(permissions)}`,
            found: `client ID ${appId}, ${counted(permissions.length, "permission")}`,
          };
        }),
      })),
    ],
  },
  {
    id: "EXO-AUDIT-AUTHENTICATION-BEHAVIOR",
    title: "Safeguard of sign-in that the application turns off",
    severity: "low",
    why: "Tokens lack a protection that Microsoft added later.",
    source: "https://learn.microsoft.com/graph/api/resources/authenticationbehaviors",
    reads: [
      readsOne(
        applicationPart,
        { schema: Behaviors, select: ["authenticationBehaviors"] },
        ({ authenticationBehaviors }, { objects, graphUrl }) => ({
          items: safeguards
            .filter((name) => authenticationBehaviors?.[name] === false)
            .map((name) => ({
              key: name,
              found: `${name} is off`,
              remedy: `az rest --method patch --url '${graphUrl}/v1.0${applicationPath(objects)}' --body '{"authenticationBehaviors":{"${name}":true}}'`,
            })),
        }),
      ),
    ],
  },
  {
    id: "EXO-AUDIT-OWNED-OBJECT",
    title: "Object that the service principal owns",
    severity: "medium",
    why: "Anyone who signs in as the application controls the object, such as the credentials of an application or the members of a group.",
    source: "https://learn.microsoft.com/graph/api/serviceprincipal-list-ownedobjects",
    otherRemedy: "remove the service principal from its owners",
    reads: [
      readsAll(
        {
          name: "ownedObjects",
          path: (objects) => `${principalPath(objects)}/ownedObjects`,
          permission: "Application.Read.All",
        },
        { schema: NamedObject, select: ["displayName"] },
        (found) => ({
          items: found.map(({ id, displayName }) => ({
            key: id,
            found: `${displayName ?? "an object"}, object ID ${id}`,
          })),
        }),
      ),
    ],
    declaredBy: Object.fromEntries(
      ["Application", "ServicePrincipal", "Group"].map((type) => [type, ownedByPrincipal]),
    ),
  },
];

function ofApplication(declares: (resource: DeclaringResource) => readonly string[]) {
  return (resource: DeclaringResource, { applicationObjectId }: StackComponent): readonly string[] =>
    isSame(resource.state["objectId"], applicationObjectId) ? declares(resource) : [];
}

function redirectUris({ wanted }: DeclaringResource): readonly string[] {
  const ofPlatform = {
    web: wanted["web"],
    spa: wanted["singlePageApplication"],
    publicClient: wanted["publicClient"],
  };
  return platforms.flatMap((platform) => {
    const parsed = v.safeParse(v.object({ redirectUris: v.array(v.string()) }), ofPlatform[platform]);
    return parsed.success ? parsed.output.redirectUris.map((uri) => `${platform} ${uri}`) : [];
  });
}

function ownedByPrincipal(
  { state, wanted }: DeclaringResource,
  { servicePrincipalObjectId }: StackComponent,
): readonly string[] {
  const isOurs = texts(wanted["owners"]).some((owner) => isSame(owner, servicePrincipalObjectId));
  return isOurs && typeof state["objectId"] === "string" ? [state["objectId"]] : [];
}

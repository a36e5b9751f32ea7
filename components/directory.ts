import { setTimeout } from "node:timers/promises";

import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";

import { after, says } from "../common/errorTexts.ts";
import { isDescribedAsOwn, ownDescription } from "../common/marker.ts";
import { childTypes } from "../common/typeTokens.ts";
import { findAppRole } from "./appRoles.ts";
import type { ResolvedArguments } from "./arguments/resolveArguments.ts";
import { type DeclaredPermission, exchangeOnlineProtection } from "../microsoft/permissions.ts";
import { isRecord, problemsError, show } from "./problems.ts";
import { pauseBeforeLookup } from "./replication.ts";
import { type ProviderEnvironment, tenantProblems } from "./tenant.ts";
import { errorMessage } from "../common/errorMessage.ts";

/** What the component needs to know of the tenant before it creates anything. */
export interface Directory {
  readonly tenantId: string;
  readonly tenantDomain: string;
  /** What each of the settings' permissions is in this tenant, in their order. */
  readonly permissions: readonly GrantablePermission[];
  /** The application that exists already, where the settings name one. */
  readonly existing: ExistingApplication | undefined;
  /** The object ID of each of the settings' users, in their order. */
  readonly userObjectIds: readonly string[];
}

/** A permission, found in the tenant. */
export interface GrantablePermission {
  readonly resourceAppId: string;
  readonly resourceObjectId: string;
  readonly appRoleId: string;
}

/** An application that exists already, and its service principal. */
export interface ExistingApplication {
  /** As azuread names it: `/applications/OBJECT-ID`. */
  readonly id: string;
  readonly objectId: string;
  readonly servicePrincipalObjectId: string;
}

/**
 * Looks up everything that the settings refer to, and refuses a tenant that is not meant.
 *
 * The output fails with every problem at once; whatever depends on it is then not created.
 *
 * @param checked what to wait for before anything is looked up; the output fails where it does
 */
export function lookUpDirectory(
  component: pulumi.ComponentResource,
  name: string,
  subject: string,
  settings: ResolvedArguments,
  checked: Promise<unknown>,
): pulumi.Output<Directory> {
  const lookUps = new LookUps(component);
  const own = ownDescription(pulumi.getProject(), pulumi.getStack(), name);
  const found = checked.then(() =>
    Promise.all([
      lookUps.tenant(),
      Promise.all(settings.permissions.map((permission) => lookUps.permission(permission))),
      lookUps.existing(settings.existingClientId, own),
      Promise.all(
        settings.userRoleAssignments.map(({ userPrincipalName }) => lookUps.user(userPrincipalName)),
      ),
    ]),
  );
  return pulumi
    .all([found, providerEnvironment(component), settings.expectedTenantId])
    .apply(([[tenant, permissions, existing, userObjectIds], provider, expectedTenantId]) => {
      const problems = [
        ...tenantProblems(tenant, provider, settings.cloud, expectedTenantId, mayBeUnknown()),
        ...lookUps.problems,
        ...repeatedPermissions(settings.permissions, permissions),
      ];
      if (problems.length > 0) throw problemsError({ subject, problems });
      // Without a problem everything was found; what is not known yet stays undefined, as Pulumi's own outputs do.
      return { ...tenant, permissions, existing, userObjectIds } as Directory;
    });
}

/** Lookups in the provider's tenant, which gather what cannot be found instead of failing at the first. */
class LookUps {
  readonly problems: string[] = [];
  readonly #options: pulumi.InvokeOptions;
  readonly #servicePrincipals = new Map<string, Promise<azuread.GetServicePrincipalResult | undefined>>();

  constructor(component: pulumi.ComponentResource) {
    this.#options = { parent: component };
  }

  async tenant(): Promise<{ tenantId: string | undefined; tenantDomain: string | undefined }> {
    const [client, initial] = await Promise.all([
      this.#ask("The tenant", () => azuread.getClientConfig(this.#options)),
      this.#ask("The tenant's initial domain", () =>
        azuread.getDomains({ onlyInitial: true }, this.#options),
      ),
    ]);
    return {
      tenantId: client?.tenantId,
      tenantDomain: initial?.domains?.find((domain) => domain.initial)?.domainName,
    };
  }

  async permission(declared: DeclaredPermission): Promise<GrantablePermission | undefined> {
    const { resourceAppId, permission } = declared;
    const resource = await this.#servicePrincipal(resourceAppId);
    if (resource === undefined) return undefined;
    const { objectId: resourceObjectId, appRoles } = resource;
    const subject = `The permission ${show(permission)} of the resource ${resourceAppId}`;
    const role = findAppRole(declared, appRoles ?? []);
    const isUnknown = appRoles === undefined && mayBeUnknown();
    if ("problem" in role && !isUnknown) this.problems.push(`${subject} ${role.problem}`);
    return {
      resourceAppId,
      resourceObjectId,
      appRoleId: "problem" in role ? "" : role.appRoleId,
    };
  }

  /** @param own what the descriptions of the component's own applications begin with */
  async existing(clientId: string | undefined, own: string): Promise<ExistingApplication | undefined> {
    if (clientId === undefined) return undefined;
    const subject = `The application of \`existingClientId\` ${show(clientId)}`;
    const [application, servicePrincipal] = await Promise.all([
      this.#ask(subject, () => azuread.getApplication({ clientId }, this.#options)),
      this.#servicePrincipal(clientId),
    ]);
    if (application === undefined || servicePrincipal === undefined) return undefined;
    // Its service principal says so, too, and azuread's lookup of an application leaves the description out.
    if (isDescribedAsOwn(servicePrincipal.description, own)) this.problems.push(ownApplication(clientId));
    return {
      id: application.id,
      objectId: application.objectId,
      servicePrincipalObjectId: servicePrincipal.objectId,
    };
  }

  async user(userPrincipalName: string): Promise<string | undefined> {
    const subject = `The user ${show(userPrincipalName)} of \`userRoleAssignments\``;
    return (await this.#ask(subject, () => azuread.getUser({ userPrincipalName }, this.#options)))?.objectId;
  }

  #servicePrincipal(clientId: string): Promise<azuread.GetServicePrincipalResult | undefined> {
    let asked = this.#servicePrincipals.get(clientId);
    if (asked === undefined) {
      const subject = `The service principal of the client ID ${show(clientId)}`;
      asked = this.#ask(
        subject,
        () => azuread.getServicePrincipal({ clientId }, this.#options),
        clientId === exchangeOnlineProtection ? securityAndComplianceMissing : undefined,
      );
      this.#servicePrincipals.set(clientId, asked);
    }
    return asked;
  }

  async #ask<T>(subject: string, ask: () => Promise<T>, notFound?: string): Promise<T | undefined> {
    for (let tries = 1; ; tries++) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- each try follows the one that failed.
        return await ask();
      } catch (error) {
        const pause = pauseBeforeLookup(String(error), tries, Math.random());
        if (pause === undefined) {
          const reason = whyNotFound(error);
          const isMissing = reason === notInThisTenant;
          this.problems.push(isMissing && notFound !== undefined ? notFound : `${subject} ${reason}`);
          return undefined;
        }
        // oxlint-disable-next-line no-await-in-loop
        await setTimeout(pause);
      }
    }
  }
}

const notInThisTenant =
  "is not in this tenant. Check the value, and check that the azuread provider is signed in to the right tenant.";

/** Removed from the program, it would go as everything does that a program no longer declares. */
function ownApplication(clientId: string): string {
  return `\`existingClientId\` ${show(clientId)} is the application that this component created itself, and the update would delete it. Remove \`existingClientId\`. If the state no longer has the application, change the description of its service principal, which says that the component created it.`;
}

/** Microsoft adds most resources to a tenant by itself, but this one not to each. */
const securityAndComplianceMissing = `Security & Compliance PowerShell needs Microsoft Exchange Online Protection, whose service principal is not in this tenant. Create it with \`az ad sp create --id ${exchangeOnlineProtection}\`. To leave it out instead, set \`securityAndCompliance\` to false, and name no permission of it in \`apiPermissions\`.`;

/** One permission that is declared by value and by id: only the tenant knows that they are the same. */
function repeatedPermissions(
  declared: readonly DeclaredPermission[],
  found: readonly (GrantablePermission | undefined)[],
): readonly string[] {
  return found.flatMap((permission, index) => {
    if (!permission?.appRoleId) return [];
    const first = found.findIndex(
      (other) =>
        other?.appRoleId === permission.appRoleId && other.resourceAppId === permission.resourceAppId,
    );
    if (first >= index) return [];
    const names = [first, index].map((one) => show(declared[one]?.permission)).join(" and ");
    return [
      `\`apiPermissions\` names one permission of the resource ${permission.resourceAppId} twice, as ${names}. Remove one.`,
    ];
  });
}

/**
 * Whether an empty answer means "not known yet": in a preview, where the provider's own settings may come from a resource
 * that is not made yet, and under a test's mocks, which answer with what they were asked.
 */
function mayBeUnknown(): boolean {
  const monitor: unknown = pulumi.runtime.getMonitor();
  return pulumi.runtime.isDryRun() || (isRecord(monitor) && "mocks" in monitor);
}

/** What a failed lookup means, as the end of a sentence. */
function whyNotFound(error: unknown): string {
  const text = errorMessage(error);
  const reason = after(after(text, "lookupFailed"), "errorCount").trim();
  return says(reason, "nothingFound") ? notInThisTenant : `could not be looked up: ${reason}`;
}

/** In a plugin, the SDK takes each setting that a provider does not have as not known yet while it previews. */
async function providerEnvironment(component: pulumi.ComponentResource): Promise<ProviderEnvironment> {
  const provider = component.getProvider(childTypes.application);
  const { environment, metadataHost } = provider instanceof azuread.Provider ? provider : azuread.config;
  return {
    environment: await knownText(environment),
    metadataHost: (await knownText(metadataHost)) ?? process.env["ARM_METADATA_HOSTNAME"],
  };
}

/** The text of an output, or undefined where it is not known yet. */
async function knownText(given: pulumi.Input<string | undefined> | undefined): Promise<string | undefined> {
  let text: string | undefined;
  const seen = pulumi.output(given).apply((known) => {
    text = known;
  });
  // It ends once the output is settled, known or not.
  await pulumi.runtime.serializeProperty("a setting of the azuread provider", seen);
  return text;
}

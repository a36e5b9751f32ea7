import * as pulumi from "@pulumi/pulumi";

import type { ExchangeAppOnlyAuthArgs } from "./arguments/resolveArguments.ts";
import { problemsError, reportUnknownKeys } from "./problems.ts";

/**
 * Reads the component's arguments from the stack's configuration, under the project's own namespace.
 *
 * Pulumi.yaml declares each key with an empty default, since a declared key without one would be required; so an empty
 * value means "not set", and the component's own default holds.
 *
 * @throws ResourceError that names every unknown key in the namespace, with the nearest known one.
 */
export function readConfiguration(): ExchangeAppOnlyAuthArgs {
  const config = new pulumi.Config();
  const args: Record<keyof ExchangeAppOnlyAuthArgs, unknown> = {
    displayName: config.get("displayName"),
    notes: config.get("notes"),
    tags: config.getObject("tags"),
    owners: config.getObject("owners"),
    roles: config.getObject("roles"),
    allowGlobalAdministrator: config.getBoolean("allowGlobalAdministrator"),
    apiPermissions: config.getObject("apiPermissions"),
    userRoleAssignments: config.getObject("userRoleAssignments"),
    certificate: config.getObject("certificate"),
    existingClientId: config.get("existingClientId"),
    cloud: config.get("cloud"),
    expectedTenantId: config.get("expectedTenantId"),
  };
  refuseUnknownKeys(config.name, Object.keys(args));
  return Object.fromEntries(Object.entries(args).filter(([, value]) => !isEmpty(value)));
}

function refuseUnknownKeys(namespace: string, known: readonly string[]): void {
  const prefix = `${namespace}:`;
  const given = Object.keys(pulumi.runtime.allConfig()).filter((key) => key.startsWith(prefix));
  const problems: string[] = [];
  reportUnknownKeys(
    Object.fromEntries(given.map((key) => [key.slice(prefix.length), true])),
    known,
    prefix,
    (path, text) => problems.push(`\`${path}\` ${text}`),
  );
  if (problems.length > 0) throw problemsError("The stack's configuration", problems);
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === "" ||
    value === 0 ||
    value === false ||
    (typeof value === "object" && value !== null && Object.keys(value).length === 0)
  );
}

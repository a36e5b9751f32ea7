import * as pulumi from "@pulumi/pulumi";

import { nearest } from "../common/nearest.ts";
import { appOnlyRoles } from "../microsoft/roles.ts";
import { argumentKeys } from "./arguments/argumentKeys.ts";

/** Namespaces that are Pulumi's own or a provider's; what stands there is meant for them. */
const foreignNamespaces: ReadonlySet<string> = new Set([
  "auth0",
  "aws",
  "aws-native",
  "azure",
  "azure-native",
  "azuread",
  "azuredevops",
  "cloudflare",
  "command",
  "datadog",
  "docker",
  "docker-build",
  "gcp",
  "github",
  "gitlab",
  "google-native",
  "kubernetes",
  "okta",
  "pulumi",
  "pulumiservice",
  "random",
  "snowflake",
  "time",
  "tls",
  "vault",
]);

/** Settings whose names no other program is likely to use. */
const unmistakable: ReadonlySet<string> = new Set([
  "allowGlobalAdministrator",
  "apiPermissions",
  "complianceRoleGroups",
  "exchangeRoleGroups",
  "exchangeRoles",
  "existingClientId",
  "expectedTenantId",
  "federatedCredentials",
  "securityAndCompliance",
  "timedRoles",
  "userRoleAssignments",
]);

/**
 * What is wrong where settings of the component stand in another namespace than the project's, as they do after a project
 * was renamed or a namespace was mistyped; undefined where none do.
 */
export function strayKeysProblem(config: pulumi.Config): string | undefined {
  const keys = strayKeys(config.name);
  if (keys.length === 0) return undefined;
  const [have, them, theyAre] = keys.length > 1 ? ["have", "them", "they are"] : ["has", "it", "it is"];
  return `${keys.map((key) => `\`${key}\``).join(", ")} ${have} no effect: this project reads the namespace "${config.name}". Rename ${them} in the stack's settings file. If ${theyAre} meant for another program, set \`${config.name}:roles\`.`;
}

/**
 * The component's settings in a namespace that holds several of them, one that only this component has, `roles` that are
 * roles of Exchange, or a `certificate` of its form, or whose name is like the project's or this package's.
 */
function strayKeys(project: string): readonly string[] {
  const all = Object.entries(pulumi.runtime.allConfig());
  const ours = all.flatMap(([key, value]) => {
    const [namespace = "", name = ""] = key.split(/:(.*)/s);
    const head = name.split(/[.[]/)[0] ?? "";
    const isOurs = argumentKeys[""].some((argument) => argument === head);
    const isForeign = namespace === project || foreignNamespaces.has(namespace);
    return isOurs && !isForeign ? [{ key, namespace, name, head, value }] : [];
  });
  return ours
    .filter(({ namespace }) => {
      const together = ours.filter((one) => one.namespace === namespace);
      return (
        new Set(together.map(({ head }) => head)).size > 1 ||
        nearest(namespace, [project, packageName]).length > 0 ||
        together.some((setting) => isUnmistakable(setting))
      );
    })
    .map(({ key }) => key);
}

/** This project's own name, and so the namespace that examples and templates begin with. */
const packageName = "exchange-auth";

interface Setting {
  readonly name: string;
  /** The name's first part. */
  readonly head: string;
  readonly value: string;
}

function isUnmistakable({ name, head, value }: Setting): boolean {
  if (head === "roles") return namesRoles(value);
  // `rotate` writes the generations there, and they may be the only setting of a stack.
  if (head === "certificate") return certificateKeys.test(`${name} ${value}`);
  return unmistakable.has(head);
}

const certificateKeys = new RegExp(String.raw`\b(?:${argumentKeys["certificate."].join("|")})\b`);

function namesRoles(value: string): boolean {
  const text = value.toLowerCase();
  return appOnlyRoles.some(
    ({ displayName, templateId }) => text.includes(displayName.toLowerCase()) || text.includes(templateId),
  );
}

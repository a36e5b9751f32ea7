import type { Policies, PolicyConfigSchema } from "@pulumi/policy";
import { visible } from "../common/foreignText.ts";
import { exceptionFor, exceptionsOf, exceptionsSchema } from "./exceptions.ts";
import { knownResource, type KnownResource } from "./knownResource.ts";
import type { PolicyRule, Settings, Violation } from "./rule.ts";

/** The rules as `@pulumi/policy` takes them. */
export function policiesOf(rules: readonly PolicyRule[]): Policies {
  return rules.map((rule) => {
    const { name, description, source, severity, level, checkResource, checkStack } = rule;
    const policy = {
      name,
      description,
      severity,
      enforcementLevel: level,
      url: source.url,
      configSchema: configSchemaOf(rule),
    };
    if (checkStack !== undefined) {
      return {
        ...policy,
        validateStack: (args, report) => {
          const settings = settingsOf(rule, args.getConfig());
          const now = new Date();
          for (const { resource, ...violation } of checkStack(args.resources.map(knownResource), now)) {
            const message = messageOf(rule, resource, violation, settings, now);
            if (message !== undefined) report(message, resource.urn);
          }
        },
      };
    }
    return {
      ...policy,
      validateResource: (args, report) => {
        const settings = settingsOf(rule, args.getConfig());
        const resource = knownResource(args);
        for (const violation of checkResource?.(resource, settings) ?? []) {
          const message = messageOf(rule, resource, violation, settings, new Date());
          if (message !== undefined) report(message);
        }
      },
    };
  });
}

/** What Pulumi checks a rule's configuration against. */
function configSchemaOf({ settings }: PolicyRule): PolicyConfigSchema {
  return { properties: { ...settings, exceptions: exceptionsSchema } };
}

function settingsOf(rule: PolicyRule, configured: Settings): Settings {
  const defaults = Object.entries(rule.settings ?? {}).map(([name, setting]) => [name, setting.default]);
  return { ...Object.fromEntries(defaults), ...configured };
}

/** Which resource has what, what to do, and where the rule comes from; undefined if the resource is excepted. */
function messageOf(
  { name, source }: PolicyRule,
  resource: KnownResource,
  { problem, remedy }: Violation,
  settings: Settings,
  now: Date,
): string | undefined {
  const { isExcepted, ended } = exceptionFor(resource, exceptionsOf(settings), now);
  if (isExcepted) return undefined;
  const type = resource.type.slice(resource.type.lastIndexOf(":") + 1);
  const exception = ended === undefined ? "" : ` Its exception ended on ${ended.until} ("${ended.reason}").`;
  return visible(
    `${type} "${resource.name}" ${problem}. ${remedy}${exception} Rule: ${name} (${source.title}, ${source.url}).`,
  );
}

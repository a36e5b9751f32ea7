import type { PolicyConfigSchema, Severity } from "@pulumi/policy";
import type { KnownResource } from "./knownResource.ts";

/** A rule for every stack. Its name is released and never changes: configurations name it. */
export interface PolicyRule {
  readonly name: string;
  /** What must be, as a sentence. */
  readonly description: string;
  /** Where it comes from: what the source calls it, and its address. */
  readonly source: { readonly title: string; readonly url: string };
  readonly severity: Severity;
  /** The level without configuration: `mandatory` stops an update, `disabled` waits for a configuration. */
  readonly level: "mandatory" | "disabled";
  /** What a configuration may set besides level and exceptions. @default nothing */
  readonly settings?: Readonly<Record<string, RuleSetting>>;
  /** What one resource does against it, before the resource is created or changed. */
  readonly checkResource?: (resource: KnownResource, settings: Settings) => readonly Violation[];
  /** What the stack as a whole does against it, at the end of a preview or an update. */
  readonly checkStack?: (resources: readonly KnownResource[], now: Date) => readonly StackViolation[];
}

/** What Pulumi checks one setting of a configuration against. */
export type SettingSchema = PolicyConfigSchema["properties"][string];

/** A setting of a rule. */
export interface RuleSetting extends SettingSchema {
  readonly description: string;
  readonly default: number | string[];
}

/** A rule's settings, with the defaults filled in. */
export type Settings = Readonly<Record<string, unknown>>;

/** What is wrong with a resource. */
export interface Violation {
  /** What the resource has, as the end of a sentence that begins with it, without a full stop. */
  readonly problem: string;
  /** What to do, as a sentence. */
  readonly remedy: string;
}

/** What is wrong in a stack, and which resource has it. */
export interface StackViolation extends Violation {
  readonly resource: KnownResource;
}

/** A number of the settings. */
export function numberOf(settings: Settings, name: string): number {
  return Number(settings[name]);
}

/** A list of texts of the settings. */
export function textsOf(settings: Settings, name: string): readonly string[] {
  const value = settings[name];
  return Array.isArray(value) ? value.map(String) : [];
}

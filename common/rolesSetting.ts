/** What stands for no role in a stack's settings, where an empty list is the default and means "not set". */
const none = "none";

/** A list of roles as a stack's settings have it. */
export function rolesSetting(roles: readonly string[]): readonly string[] {
  return roles.length === 0 ? [none] : roles;
}

/** Whether a stack's settings say that the application holds no role. */
export function saysNoRole(setting: unknown): boolean {
  return Array.isArray(setting) && setting.length === 1 && setting[0] === none;
}

import { isDeepStrictEqual } from "node:util";
import { childTypes, componentType } from "../../common/typeTokens.ts";
import type { Plan } from "../../stack/plan.ts";
import { readRecord } from "../../stack/record.ts";
import type { StackResource } from "../../stack/resource.ts";
import { parseUrn } from "../../stack/urn.ts";
import { declaredRoles, isDeclared } from "../grant/declaredRoles.ts";
import type { CheckResult } from "./checkResult.ts";

/** What an update leaves to `exo-auth grant`: roles of Exchange itself that are declared anew, and those of an application that goes. */
export function exchangeRolesLeft({ steps }: Plan): readonly CheckResult[] {
  return steps.flatMap(({ op, urn, oldState, newState }): readonly CheckResult[] => {
    const { type, name } = parseUrn(urn);
    if (type === componentType) {
      const [before, after] = [rolesOf(oldState), rolesOf(newState)];
      const isNew = newState !== undefined && !isDeepStrictEqual(before, after);
      return isNew ? [toGrant(name)] : [];
    }
    const parent = steps.find((step) => step.urn === oldState?.parent);
    const isLeaving = type === childTypes.application && /delete|replace/.test(op) && oldState !== undefined;
    return isLeaving && rolesOf(parent?.oldState) !== undefined ? [left(parseUrn(parent!.urn).name)] : [];
  });
}

/** What a component declares there; undefined for nothing, and where nobody knows. */
function rolesOf(resource: StackResource | undefined): unknown {
  if (resource === undefined) return undefined;
  const record = readRecord(resource);
  if (record.kind !== "known") return undefined;
  const declared = declaredRoles({ name: "", record });
  return Object.values(declared).some(isDeclared) ? declared : undefined;
}

function toGrant(component: string): CheckResult {
  return {
    kind: "warning",
    cause: "exchangeRolesToGrant",
    message: `The update changes what component "${component}" declares of Exchange's own roles, and does not give or take them.`,
    remedy: "After the update, run `exo-auth grant --yes`.",
  };
}

function left(component: string): CheckResult {
  return {
    kind: "warning",
    cause: "exchangeRolesLeft",
    message: `The update deletes the application of component "${component}", and leaves its role groups and roles in Exchange.`,
    remedy: "Before the update, run `exo-auth grant --remove --yes`.",
  };
}

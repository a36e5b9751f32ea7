import { forTypes, leftOut, type Listed, noValue } from "./listed.ts";

export const equivalentsOfOperations: readonly Listed[] = [
  {
    file: "operations/adoption/adoptedGenerations.ts",
    reason: noValue,
    changes: [["{\n    return undefined;\n  }", "{}"]],
  },
  {
    file: "operations/audit/compareAccess.ts",
    reason: forTypes,
    changes: [["outcome === undefined", "false"]],
  },
  {
    file: "operations/audit/rules/certificateQuality.ts",
    reason: noValue,
    changes: [["{\n    return undefined;\n  }", "{}"]],
  },
  {
    file: "operations/audit/rules/lifetimes.ts",
    reason: "No number is as large as undefined.",
    changes: [["maximum !== undefined", "true"]],
  },
  {
    file: "operations/audit/rules/schedules.ts",
    reason: forTypes,
    changes: [["one[0].scheduleInfo?.startDateTime", "one[0].scheduleInfo.startDateTime"]],
  },
  {
    file: "operations/audit/stateValues.ts",
    reason: forTypes,
    changes: [['text(value).split("/").at(-1)?.toLowerCase', 'text(value).split("/").at(-1).toLowerCase']],
  },
  {
    file: "operations/audit/stateValues.ts",
    reason: "Rules read properties by their names, and never list them.",
    changes: [["true", "false"]],
  },
  {
    file: "operations/audit/rules/tokenLifetimes.ts",
    reason: "What is no text and looks like a time span fails at the next line, and counts as long, too.",
    changes: [['typeof value !== "string"', "false"]],
  },
  {
    file: "operations/drift/driftSections.ts",
    reason: "Two findings of one kind are about two things.",
    changes: [
      [
        "`${one.subject} ${one.id}` < `${other.subject} ${other.id}`",
        "`${one.subject} ${one.id}` <= `${other.subject} ${other.id}`",
      ],
    ],
  },
  {
    file: "operations/fleet/fleetChanges.ts",
    reason: forTypes,
    changes: [["failure?.code", "failure.code"]],
  },
  {
    file: "operations/fleet/fleetTenant.ts",
    reason: "No two documents have one stack.",
    changes: [["a.stack < b.stack", "a.stack <= b.stack"]],
  },
  {
    file: "operations/fleet/fleetTenant.ts",
    reason: "What is undefined is no number of days, however few.",
    changes: [["known.daysLeft !== undefined", "true"]],
  },
  {
    file: "operations/fleet/identityOfStack.ts",
    reason: "An environment's variable that is undefined is one that is not set.",
    changes: [["expectedTenantId !== undefined", "true"]],
  },
  {
    file: "operations/fleet/identityOfStack.ts",
    reason: forTypes,
    changes: [["value?.toLowerCase", "value.toLowerCase"]],
  },
  {
    file: "operations/fleet/tenantList.ts",
    reason: "A text has lost its mark when it is read.",
    changes: [["true", "false"]],
  },
  {
    file: "operations/grant/compareRoles.ts",
    reason: "No role group is without a name, so one that is not there holds nothing.",
    changes: [["group === undefined", "false"]],
  },
  {
    file: "operations/grant/grantScript.ts",
    reason: "A service that knows nothing needs the cmdlets of the table alone.",
    changes: [["missing === undefined", "false"]],
  },
  {
    file: "operations/adoption/adoptedFederatedCredentials.ts",
    reason: "What the component makes of issuer and subject are the same two, and an audience of its own.",
    changes: [
      ["audience === undefined", "false"],
      ["made !== undefined", "true"],
      ["made.issuer === issuer", "true"],
      ["made.subject === subject", "true"],
    ],
  },
  {
    file: "operations/grant/recipientFilter.ts",
    reason: "Nothing comes after the last token, so without one token there is none of those after it.",
    changes: [
      ["operator === undefined", "false"],
      ["first === undefined || operator === undefined", "false"],
      ["first === undefined || operator === undefined", "first === undefined && operator === undefined"],
      ["first === undefined", "false"],
    ],
  },
  {
    file: "operations/grant/recipientFilter.ts",
    reason: "Only what was in quotes has one, and it begins with it.",
    changes: [["/^'/", "/'/"]],
  },
  {
    file: "operations/timedRoles/planTimedRoles.ts",
    reason: "What is no text is no duration, and without one a role ends as declared.",
    changes: [["limit === undefined", "false"]],
  },
  {
    file: "operations/timedRoles/roleMoves.ts",
    reason: "No declared role is without an ID.",
    changes: [["roleTemplateId === undefined", "false"]],
  },
  {
    file: "operations/timedRoles/timedRoleFindings.ts",
    reason: "Only a step that gives or moves an end has one, and no time is before one that is not known.",
    changes: [
      ['action === "adminUpdate" &&\n    found !== undefined &&\n    end !== undefined', "true"],
      [
        'action === "adminUpdate" &&\n    found !== undefined &&\n    end !== undefined',
        'action === "adminUpdate" && found !== undefined || end !== undefined',
      ],
      ['action === "adminUpdate" &&\n    found !== undefined', "true"],
      [
        'action === "adminUpdate" &&\n    found !== undefined',
        'action === "adminUpdate" || found !== undefined',
      ],
      ['action === "adminUpdate"', "true"],
      ["found !== undefined", "true"],
      ["end !== undefined", "true"],
    ],
  },
  {
    file: "operations/timedRoles/timedRoleFindings.ts",
    reason: "A role that ends as a step would let it end needs no step.",
    changes: [["Date.parse(found) < Date.parse(end)", "Date.parse(found) <= Date.parse(end)"]],
  },
  {
    file: "operations/timedRoles/timedRoleStatus.ts",
    reason: leftOut,
    changes: [
      ["end !== undefined", "true"],
      ["notRead !== undefined", "true"],
    ],
  },
  {
    file: "operations/ownership/marker.ts",
    reason: forTypes,
    changes: [["marker === undefined", "false"]],
  },
  {
    file: "operations/preflight/exchangeRoles.ts",
    reason: "Without a state before, no step is the parent, and none declared anything.",
    changes: [["oldState !== undefined", "true"]],
  },
  {
    file: "operations/preflight/keysInState.ts",
    reason: "Only a step with a state afterwards is one of the generation's.",
    changes: [
      ["step.newState?.type", "step.newState.type"],
      ["child?.type", "child.type"],
    ],
  },
  {
    file: "operations/preflight/plannedCertificates.ts",
    reason: "azuread's IDs begin so, have no line breaks, and what is not known yet has no slash.",
    changes: [
      ["/^\\/applications\\/(.+)$/", "/\\/applications\\/(.+)$/"],
      ["/^\\/applications\\/(.+)$/", "/^\\/applications\\/(.+)/"],
    ],
  },
  {
    file: "operations/preflight/replacedCertificates.ts",
    reason: forTypes,
    changes: [
      ["newState?.outputs", "newState.outputs"],
      ["oldState?.outputs", "oldState.outputs"],
      ["newState?.parent", "newState.parent"],
      ["(oldState ?? newState)?.type", "(oldState ?? newState).type"],
    ],
  },
  {
    file: "operations/preflight/replacedCertificates.ts",
    reason: "What is no time is not before now either.",
    changes: [['typeof end !== "string"', "false"]],
  },
  {
    file: "operations/preflight/twins.ts",
    reason: "Without a marker, no description is one with the marker.",
    changes: [["marker?.isUsed", "marker.isUsed"]],
  },
  {
    file: "operations/repair/inspect.ts",
    reason: forTypes,
    changes: [["sha256 !== undefined", "true"]],
  },
  {
    file: "operations/repair/inspect.ts",
    reason: "What is undefined is not expected, as what is false is not.",
    changes: [["() => false", "() => undefined"]],
  },
  {
    file: "operations/verification/federatedRefusal.ts",
    reason: "A time that is not there is not before another, and none is before it.",
    changes: [
      ["now === undefined || end === undefined", "false"],
      ["now === undefined || end === undefined", "now === undefined && end === undefined"],
      ["now === undefined", "false"],
      ["end === undefined", "false"],
    ],
  },
  {
    file: "operations/verification/settledProblem.ts",
    reason: forTypes,
    changes: [["deployedAt !== undefined", "true"]],
  },
  {
    file: "operations/verification/signInProblem.ts",
    reason: "No other refusal says so.",
    changes: [["aadsts === 700027", "true"]],
  },
  {
    file: "operations/verification/signInProblem.ts",
    reason: "Entra does not refuse a clock that is right.",
    changes: [["offsetMs > 0", "offsetMs >= 0"]],
  },
];

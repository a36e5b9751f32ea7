import { forTypes, leftOut, type Listed, noValue, spelling } from "./listed.ts";

export const equivalentsOfComponents: readonly Listed[] = [
  {
    file: "components/arguments/applicationArguments.ts",
    reason: "The settings count only where there is no problem, and then nothing is undefined.",
    changes: [
      ["items?.filter((item) => item !== undefined)", "items"],
      ["item !== undefined", "true"],
    ],
  },
  {
    file: "components/arguments/argumentKeys.ts",
    reason: forTypes,
    changes: [
      ["parent !== undefined", "true"],
      ["only !== undefined", "true"],
      [
        "Object.entries(argumentKeys).find(([parent]) => parent === place)?.[1]",
        "Object.entries(argumentKeys).find(([parent]) => parent === place)[1]",
      ],
    ],
  },
  {
    file: "components/arguments/argumentKeys.ts",
    reason: "No two nested arguments have names that are near to one key.",
    changes: [["another === undefined", "true"]],
  },
  {
    file: "components/arguments/argumentKeys.ts",
    reason: "What is nearest to a name is the name itself.",
    changes: [["exact.length === 0", "true"]],
  },
  {
    file: "components/arguments/exchangeAccessArguments.ts",
    reason: spelling,
    changes: [
      ["name?.toLowerCase()", "name?.toUpperCase()"],
      ["role.toLowerCase()", "role.toUpperCase()"],
    ],
  },
  {
    file: "components/arguments/federated/github.ts",
    reason: forTypes,
    changes: [
      ["only === undefined || name === undefined", "only === undefined && name === undefined"],
      ["only === undefined", "false"],
      ["name === undefined", "false"],
    ],
  },
  {
    file: "components/arguments/federatedArguments.ts",
    reason: spelling,
    changes: [["credential?.name.toLowerCase()", "credential?.name.toUpperCase()"]],
  },
  {
    file: "components/arguments/federatedArguments.ts",
    reason: "What is no text is no other cloud's audience.",
    changes: [["audience !== undefined", "true"]],
  },
  {
    file: "components/arguments/generationArguments.ts",
    reason: spelling,
    changes: [["generation?.name.toLowerCase()", "generation?.name.toUpperCase()"]],
  },
  {
    file: "components/arguments/permissionArguments.ts",
    reason: spelling,
    changes: [["declared.permission.toLowerCase()", "declared.permission.toUpperCase()"]],
  },
  {
    file: "components/arguments/roleArguments.ts",
    reason: spelling,
    changes: [["assignment.userPrincipalName.toLowerCase()", "assignment.userPrincipalName.toUpperCase()"]],
  },
  {
    file: "components/arguments/timedRoleArguments.ts",
    reason: "The settings count only where there is no problem, and then nothing is undefined.",
    changes: [
      ["role !== undefined", "true"],
      ["one.until === undefined", "false"],
    ],
  },
  {
    file: "components/certificate/certificateContent.ts",
    reason: forTypes,
    changes: [
      ["part !== undefined", "true"],
      ["parts.filter((part) => part !== undefined)", "parts"],
    ],
  },
  {
    file: "components/certificate/certificateContent.ts",
    reason: "Its one caller asks whether it is true.",
    changes: [["{\n    return false;\n  }", "{}"]],
  },
  {
    file: "components/certificate/certificateContent.ts",
    reason: "The label stands in the text, which is searched for it as a whole.",
    changes: [["true", "false"]],
  },
  {
    file: "components/configuration.ts",
    reason: "The keys are those that the configuration has.",
    changes: [
      ["text === undefined", "false"],
      ["value === undefined", "false"],
    ],
  },
  {
    file: "components/connectCommands.ts",
    reason: "What has no value was left out before.",
    changes: [["value?.startsWith", "value.startsWith"]],
  },
  {
    file: "components/directory.ts",
    reason: forTypes,
    changes: [["declared[one]?.permission", "declared[one].permission"]],
  },
  {
    file: "components/exchangeAppOnlyAuth.ts",
    reason: "Pulumi waits for an output, whatever resources it names.",
    changes: [["() => []", "() => undefined"]],
  },
  {
    file: "components/exchangeAppOnlyAuth.ts",
    reason: leftOut,
    changes: [
      ["retainOnDelete === undefined", "false"],
      ["deletedWith === undefined", "false"],
    ],
  },
  {
    file: "components/pfx/keyDerivation.ts",
    reason: "A block more is cut off.",
    changes: [["derived.length < length", "derived.length <= length"]],
  },
  {
    file: "components/pfx/pfxContent.ts",
    reason: forTypes,
    changes: [
      ["key === undefined || certificate === undefined", "false"],
      ["key === undefined || certificate === undefined", "key === undefined && certificate === undefined"],
      ["certificate === undefined", "false"],
      ["key === undefined", "false"],
    ],
  },
  {
    file: "components/pfx/pfxContent.ts",
    reason: noValue,
    changes: [["{\n    return undefined;\n  }", "{}"]],
  },
  { file: "components/tenant.ts", reason: forTypes, changes: [["environment === undefined", "false"]] },
];

import { childTypes } from "../../common/typeTokens.ts";
import type { StackWorkspace } from "../workspace/workspace.ts";
import type { StackOperation } from "./cell.ts";

/** One thing that happens in a stack's life: each has rows of its own in the table. */
export interface Phase {
  readonly name: string;
  readonly operation: StackOperation;
  /** Whether it begins with an empty tenant. */
  readonly isFirst: boolean;
  /** Makes the stack's settings ask for it. Gets how often that has been done. */
  readonly prepare: (stack: StackWorkspace, turn: number) => Promise<void>;
  /** Brings the stack back to where the phase begins. */
  readonly restore?: "up" | "removeGeneration" | "addGeneration";
}

const resources = [
  `${childTypes.application}::exchange`,
  `${childTypes.servicePrincipal}::exchange`,
  `${childTypes.appRoleAssignment}::exchange-office365-exchange-online-exchange-manage-as-app`,
  `${childTypes.directoryRoleAssignment}::exchange-exchange-administrator`,
];
const first = `${childTypes.applicationCertificate}::exchange-cert-a`;
const second = `${childTypes.applicationCertificate}::exchange-cert-b`;

const up = (...certificates: readonly string[]): StackOperation => ({
  command: "up",
  declared: [...resources, ...certificates],
});

/** Names the certificate of a new stack, so that another can join it. */
export function nameGeneration(stack: StackWorkspace): Promise<void> {
  return configure(stack, "set", "certificate.generations[0].name", "a");
}

/** Sets the stack's settings so that the next `up` adds the second certificate. */
export function addGeneration(stack: StackWorkspace): Promise<void> {
  return configure(stack, "set", "certificate.generations[1].name", "b");
}

/** Sets the stack's settings so that the next `up` removes the second certificate. */
export function removeGeneration(stack: StackWorkspace): Promise<void> {
  return configure(stack, "rm", "certificate.generations[1]");
}

/** A stack's life, in order. */
export const phases: readonly Phase[] = [
  { name: "`up` in an empty tenant", operation: up(first), isFirst: true, prepare: async () => undefined },
  {
    name: "`up` with another display name",
    operation: up(first),
    isFirst: false,
    prepare: async (stack, turn) => configure(stack, "set", "displayName", `Renamed ${turn}`),
  },
  {
    name: "`up` with a second certificate",
    operation: up(first, second),
    isFirst: false,
    prepare: addGeneration,
    restore: "removeGeneration",
  },
  {
    name: "`up` without the second certificate",
    operation: up(first),
    isFirst: false,
    prepare: removeGeneration,
    restore: "addGeneration",
  },
  {
    name: "`destroy`",
    operation: { command: "destroy", declared: [] },
    isFirst: false,
    prepare: async () => undefined,
    restore: "up",
  },
];

async function configure(stack: StackWorkspace, ...args: readonly string[]): Promise<void> {
  const [action = "", ...rest] = args;
  const { exitCode, stderr } = await stack.run("pulumi", ["config", action, "--path", ...rest]);
  if (exitCode !== 0) throw new Error(stderr);
}

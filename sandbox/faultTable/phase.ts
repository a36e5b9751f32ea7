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
  readonly restore?: "up" | keyof typeof settingsChanges;
}

const resources = [
  `${childTypes.application}::exchange`,
  `${childTypes.servicePrincipal}::exchange`,
  `${childTypes.appRoleAssignment}::exchange-office365-exchange-online-exchange-manage-as-app`,
  `${childTypes.directoryRoleAssignment}::exchange-exchange-administrator`,
];
const first = `${childTypes.applicationCertificate}::exchange-cert-a`;
const second = `${childTypes.applicationCertificate}::exchange-cert-b`;
const federated = `${childTypes.federatedCredential}::exchange-federated-job`;

const up = (...credentials: readonly string[]): StackOperation => ({
  command: "up",
  declared: [...resources, ...credentials],
});

/** Names the certificate of a new stack, so that another can join it. */
export function nameGeneration(stack: StackWorkspace): Promise<void> {
  return configure(stack, "set", "certificate.generations[0].name", "a");
}

/** Ways to set the stack's settings so that the next `up` adds or removes one credential. */
export const settingsChanges = {
  addGeneration: async (stack: StackWorkspace) =>
    configure(stack, "set", "certificate.generations[1].name", "b"),
  removeGeneration: async (stack: StackWorkspace) => configure(stack, "rm", "certificate.generations[1]"),
  addFederated: async (stack: StackWorkspace) => {
    await configure(stack, "set", "federatedCredentials[0].name", "job");
    await configure(stack, "set", "federatedCredentials[0].issuer", "https://issuer.example");
    await configure(stack, "set", "federatedCredentials[0].subject", "job");
  },
  removeFederated: async (stack: StackWorkspace) => configure(stack, "rm", "federatedCredentials"),
} as const;

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
    prepare: settingsChanges.addGeneration,
    restore: "removeGeneration",
  },
  {
    name: "`up` without the second certificate",
    operation: up(first),
    isFirst: false,
    prepare: settingsChanges.removeGeneration,
    restore: "addGeneration",
  },
  {
    name: "`up` with a federated credential",
    operation: up(first, federated),
    isFirst: false,
    prepare: settingsChanges.addFederated,
    restore: "removeFederated",
  },
  {
    name: "`up` without the federated credential",
    operation: up(first),
    isFirst: false,
    prepare: settingsChanges.removeFederated,
    restore: "addFederated",
  },
  {
    name: "`destroy`",
    operation: { command: "destroy", declared: [] },
    isFirst: false,
    prepare: async () => undefined,
    restore: "up",
  },
];

/** Sets or removes a setting of a stack's, by its path. @throws where Pulumi refuses */
export async function configure(stack: StackWorkspace, ...args: readonly string[]): Promise<void> {
  const [action = "", ...rest] = args;
  const { exitCode, stderr } = await stack.run("pulumi", ["config", action, "--path", ...rest]);
  if (exitCode !== 0) throw new Error(stderr);
}

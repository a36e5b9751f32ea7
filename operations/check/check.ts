import { Failure } from "../../common/failure.ts";
import { type PublicGeneration, publicStateOf, type StackState } from "../../stack/components.ts";
import { findComponents } from "../../stack/selectComponents.ts";
import { exportDocument, parseExport, readState } from "../../stack/exportedState.ts";
import type { PulumiOptions } from "../../stack/pulumiCli.ts";
import { audit } from "../audit/audit.ts";
import { auditIdentities } from "../audit/identities.ts";
import { type AuditSubject, auditSubjects, auditTargets } from "../audit/targets.ts";
import type { AskTenant } from "../drift/blockNotes.ts";
import { drift } from "../drift/drift.ts";
import { reasonOf } from "../failureOf.ts";
import { type AskExchange, askExchange } from "../grant/askExchange.ts";
import type { Baseline } from "../findings/baseline.ts";
import type { Section } from "../findings/finding.ts";
import { type ComponentStatus, declaresGrants, readTenantStatus, status } from "../status.ts";
import { readingIdentity, type ReadingOptions } from "../tenant/readingIdentity.ts";

/** What a check looks at. */
export const checkParts = ["drift", "audit", "status"] as const;

/** One of `checkParts`. */
export type CheckPart = (typeof checkParts)[number];

/** What `check` is asked to do. */
export interface CheckOptions extends ReadingOptions {
  readonly parts: readonly CheckPart[];
  /** Only this component. @default the whole stack */
  readonly component?: string | undefined;
  /** The tenant that the stack must have deployed to. @default any */
  readonly expectedTenantId?: string | undefined;
  /** Client ids of further identities to audit. */
  readonly identities: readonly string[];
  readonly baseline: Baseline;
  /** How long after an update the tenant may not know it everywhere, in milliseconds. */
  readonly waitMs: number;
  readonly now: () => Date;
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly progress: (text: string) => void;
  /** The state, as `exportDocument` reads it, where that has begun. @default it is read */
  readonly exporting?: Promise<unknown>;
}

/** What is known of a stack; a part that was left out is absent. */
export interface CheckedStack {
  readonly project: string;
  readonly stack: string;
  /** When the last update ended. */
  readonly updated: string;
  readonly drift?: readonly Section[];
  readonly audit?: readonly Section[];
  /** What a policy pack says; absent where none was asked. */
  readonly policies?: readonly Section[];
  readonly components?: readonly ComponentStatus[];
}

/**
 * Looks for drift and audits a stack at once, with one export of its state. A part that could not be done at all is told
 * as unread, and does not keep the other from being done.
 *
 * @throws Failure where the state cannot be read, has no component, or is of another tenant than expected
 */
export async function check(options: CheckOptions): Promise<CheckedStack> {
  const { parts, component, exporting = exportDocument(options) } = options;
  const { state, found, subjects } = await readState(
    options,
    (exported) => {
      const known = publicStateOf(exported);
      const components = findComponents(known, component);
      return { state: known, found: components, subjects: auditSubjects(exported, components.selected) };
    },
    exporting.then(parseExport),
  );
  requireTenant(found.selected, options.expectedTenantId);
  const reading = options.reading ?? readingIdentity(options);
  // Each part says so where it fails.
  reading.catch(() => undefined);
  const own = { ...options, reading, exporting };
  const ask: AskExchange = onceEach(
    (question) => askExchange(question, own),
    (question) => question.component.name,
  );
  const askTenant: AskTenant = onceEach(
    (application) => readTenantStatus(application, own),
    (application) => application.applicationObjectId,
  );
  const [drifted, audited, components] = await Promise.all([
    parts.includes("drift")
      ? sectionsOf("Drift", own, async () => (await drift({ ...own, askTenant, askExchange: ask })).sections)
      : undefined,
    parts.includes("audit")
      ? sectionsOf("Audit", own, async () => auditSections(state, subjects, found.incomplete, own))
      : undefined,
    parts.includes("status")
      ? statusOf(state, found.selected, { askTenant, ask, now: options.now() })
      : undefined,
  ]);
  return {
    project: state.project,
    stack: state.stack,
    updated: state.updated,
    ...(drifted && { drift: drifted }),
    ...(audited && { audit: audited }),
    ...(components && { components }),
  };
}

/** Asks only once about the same thing: drift and status want to know the same. */
function onceEach<Question, Answer>(
  ask: (question: Question) => Promise<Answer>,
  keyOf: (question: Question) => string,
): (question: Question) => Promise<Answer> {
  const answers = new Map<string, Promise<Answer>>();
  return async (question) => {
    const answer = answers.get(keyOf(question)) ?? ask(question);
    answers.set(keyOf(question), answer);
    return answer;
  };
}

type Found = ReturnType<typeof findComponents<PublicGeneration>>;

/** Goes no further with another tenant's state: everything of it would seem to be missing. @throws Failure */
function requireTenant(components: Found["selected"], expected: string | undefined): void {
  const other = components.find(({ tenantId }) => expected !== undefined && tenantId !== expected);
  if (other === undefined) return;
  throw new Failure(
    "EXO_AUTH_WRONG_TENANT",
    `Component "${other.name}" was deployed to tenant ${other.tenantId} (${other.tenantDomain}), and the stack's \`expectedTenantId\` is "${expected}". Find out which one is right. Nothing was read.`,
  );
}

async function auditSections(
  state: StackState<PublicGeneration>,
  subjects: readonly AuditSubject[],
  incomplete: Found["incomplete"],
  options: CheckOptions,
): Promise<readonly Section[]> {
  const { baseline, identities } = options;
  const targets = await auditTargets(subjects, {
    ...options,
    readAnew: (read) => readState(options, read),
  });
  const { sections } = await audit({ ...options, state, targets, incomplete, fix: false });
  return [...sections, ...(await auditIdentities(targets, identities, baseline))];
}

async function statusOf(
  state: StackState<PublicGeneration>,
  components: Found["selected"],
  { askTenant, ask, now }: { readonly askTenant: AskTenant; readonly ask: AskExchange; readonly now: Date },
): Promise<readonly ComponentStatus[]> {
  const { project, stack } = state;
  const declaring = components.filter(declaresGrants);
  const exchange = await Promise.all(
    declaring.map(
      async (component) =>
        [component.name, await ask({ component, project, stack, cloud: component.cloud })] as const,
    ),
  );
  const tenants = await Promise.all(components.map(async (one) => [one.name, await askTenant(one)] as const));
  return status(state, components, new Map(tenants), now, undefined, new Map(exchange)).components;
}

/** What a part found, or that it could not be done. @throws where the run ends, or with a bug */
async function sectionsOf(
  part: string,
  options: PulumiOptions,
  find: () => Promise<readonly Section[]>,
): Promise<readonly Section[]> {
  try {
    return await find();
  } catch (error) {
    options.signal.throwIfAborted();
    const { code, reason } = await reasonOf(error, options);
    if (code === "EXO_AUTH_INTERNAL") throw error;
    const unread = [{ check: part, reason, denied: false, code }];
    return [{ name: "stack", checks: [part], findings: [], accepted: [], unread, notes: [] }];
  }
}

import { isGuid } from "../../common/guid.ts";
import { readFile } from "node:fs/promises";
import { readCertificate } from "../../common/certificate.ts";
import { Cloud, cloudsOfDomain } from "../../microsoft/clouds.ts";
import { appOnlyRoles } from "../../microsoft/roles.ts";
import { readCertificateFile } from "../../common/certificateFile.ts";
import { decodeText, isGarbled, unknownEncoding } from "../../common/textFile.ts";
import { whyUnreadable } from "../../common/unreadable.ts";
import { cloudOfEnvironment } from "../../graph/endpoints.ts";
import { identityFromEnvironment } from "../../graph/environment.ts";
import { Failure, usageFailure } from "../../common/failure.ts";
import type { PulumiOptions } from "../../stack/pulumiCli.ts";
import { isCertified, requireCertificate } from "../../stack/certifiedComponent.ts";
import { type Generation, readStack, type StackComponent } from "../../stack/components.ts";
import { selectComponent, selectComponents } from "../../stack/selectComponents.ts";
import { declaredRoles, isDeclared } from "../grant/declaredRoles.ts";
import { timedRolesOf } from "../timedRoles/declaredTimedRoles.ts";
import type { SignInTarget } from "./problem.ts";
import type { NamedApplication, VerificationTarget } from "./verificationTarget.ts";

/** Where the certificates to try come from, as the options say it. */
export interface TargetOptions {
  readonly stack?: string | undefined;
  readonly cwd?: string | undefined;
  readonly component?: string | undefined;
  readonly "certificate-file"?: string | undefined;
  readonly "key-vault-certificate"?: string | undefined;
  readonly "password-file"?: string | undefined;
  readonly "app-id"?: string | undefined;
  readonly organization?: string | undefined;
  readonly "from-environment"?: boolean | undefined;
  readonly "exchange-online-only"?: boolean | undefined;
}

/** The sign-ins that the options ask for. */
export interface VerificationTargets {
  readonly targets: readonly VerificationTarget[];
  /** Names of the components whose key is elsewhere, so that they cannot be tried here. */
  readonly keyElsewhere: readonly string[];
  /** Names of the components that only jobs with a federated token sign in to. */
  readonly withoutCertificate: readonly string[];
}

/** Finds the sign-ins that the options ask for. @throws Failure where there is none to try */
export async function verificationTargets(
  options: TargetOptions,
  context: Pick<PulumiOptions, "env" | "signal">,
): Promise<VerificationTargets> {
  const found = await everyTarget(options, context);
  if (!options["exchange-online-only"]) return found;
  return { ...found, targets: found.targets.map((target) => ({ ...target, securityAndCompliance: false })) };
}

async function everyTarget(
  options: TargetOptions,
  context: Pick<PulumiOptions, "env" | "signal">,
): Promise<VerificationTargets> {
  const given = await givenTarget(options, context);
  if (given) return only(given);
  const state = await readStack({ stack: options.stack, cwd: options.cwd, ...context });
  const components = selectComponents(state, options.component);
  const withKey = components.filter(({ generations }) => generations[0]?.privateKeyPem !== undefined);
  if (withKey.length === 0) return only(componentTarget(components.find(isCertified) ?? components[0]));
  const left = components.filter((component) => !withKey.includes(component));
  return {
    targets: withKey.map((component) => ({ ...componentTarget(component), deployedAt: state.updated })),
    keyElsewhere: left.filter(isCertified).map(({ name }) => name),
    withoutCertificate: left.filter((component) => !isCertified(component)).map(({ name }) => name),
  };
}

/** Finds the one sign-in that the options ask for. @throws Failure where there is none, or several */
export async function soleTarget(
  options: TargetOptions,
  context: Pick<PulumiOptions, "env" | "signal">,
): Promise<VerificationTarget> {
  const given = await givenTarget(options, context);
  if (given) return given;
  const state = await readStack({ stack: options.stack, cwd: options.cwd, ...context });
  return componentTarget(selectComponent(state, options.component));
}

/** What is signed in with instead of a stack's certificate; undefined where the options name nothing. */
async function givenTarget(
  options: TargetOptions,
  { env, signal }: Pick<PulumiOptions, "env" | "signal">,
): Promise<VerificationTarget | undefined> {
  const { "certificate-file": file, "key-vault-certificate": address } = options;
  const given = Object.entries({
    "--certificate-file": file,
    "--key-vault-certificate": address,
    "--from-environment": options["from-environment"] || undefined,
  }).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (given.length > 1)
    throw usageFailure(`Use only one of ${given.slice(0, -1).join(", ")} and ${given.at(-1)}.`);
  if (file !== undefined) return fileTarget(file, options, env);
  if (address !== undefined) {
    const { keyVaultTarget } = await import("./keyVaultTarget.ts");
    return keyVaultTarget(address, namedApplication("--key-vault-certificate", options, env), {
      env,
      signal,
    });
  }
  return options["from-environment"] ? environmentTarget(env) : undefined;
}

function only(target: VerificationTarget): VerificationTargets {
  return { targets: [target], keyElsewhere: [], withoutCertificate: [] };
}

/**
 * A component of a stack, with its current certificate or another.
 *
 * @throws Failure where it has no certificate, or the private key is elsewhere
 */
export function componentTarget(
  component: StackComponent,
  generation: Generation = requireCertificate(component).generations[0],
): VerificationTarget {
  const { name, appId, tenantId, tenantDomain, cloud } = component;
  const securityAndCompliance = component.connectIppsSession !== undefined;
  if (generation.privateKeyPem === undefined) {
    const given = ["--certificate-file", `--app-id ${appId}`, `--organization ${tenantDomain}`];
    const isLeftOut = !securityAndCompliance && mayOpenCompliance(component);
    const options = isLeftOut ? [...given, "--exchange-online-only"] : given;
    throw new Failure(
      "EXO_AUTH_CERTIFICATE",
      `Component "${name}" has no private key, because its certificate was created elsewhere. Run this where the key is, with ${options.slice(0, -1).join(", ")} and ${options.at(-1)}.`,
    );
  }
  const { certificatePem, privateKeyPem } = generation;
  const certificate = readCertificate(certificatePem);
  return {
    component: name,
    signIn: { clientId: appId, tenantId, tenantDomain, cloud, thumbprint: certificate.thumbprint },
    identity: { kind: "certificate", tenantId, clientId: appId, certificatePem, privateKeyPem },
    certificate,
    securityAndCompliance,
    ...ownRolesOf(component),
    timedRoles: timedRolesOf(component.record),
  };
}

function ownRolesOf(component: StackComponent): Pick<VerificationTarget, "ownRoles"> {
  const { record, roleTemplateIds } = component;
  if (record.kind !== "known") return {};
  const declared = declaredRoles(component);
  if (!Object.values(declared).some(isDeclared)) return {};
  const hasEntraRole = roleTemplateIds.length + timedRolesOf(record).length > 0;
  return { ownRoles: { ...declared, hasEntraRole } };
}

/** Whether one of its roles opens Security & Compliance. */
function mayOpenCompliance({ record, roleTemplateIds }: StackComponent): boolean {
  const held = new Set([
    ...roleTemplateIds,
    ...timedRolesOf(record).map(({ roleTemplateId }) => roleTemplateId),
  ]);
  return appOnlyRoles.some((role) => role.securityAndCompliance && held.has(role.templateId));
}

/** @throws Failure where the options do not name it */
function namedApplication(
  option: string,
  { "app-id": appId, organization }: TargetOptions,
  env: NodeJS.ProcessEnv,
): NamedApplication {
  if (appId === undefined || organization === undefined) {
    throw usageFailure(
      `${option} needs --app-id and --organization, as Connect-ExchangeOnline does. Give both.`,
    );
  }
  // Exchange takes the first label alone, signs in and refuses what writes: Microsoft365DSC/MSCloudLoginAssistant#172.
  if (!organization.includes(".") && !isGuid(organization)) {
    throw usageFailure(
      `--organization must be the tenant's initial domain, such as ${organization}.onmicrosoft.com, got "${organization}".`,
    );
  }
  return { appId, organization, ...chooseCloud(organization, env) };
}

/** A certificate in a file, with the values that a script would give. @throws Failure */
async function fileTarget(
  file: string,
  options: TargetOptions,
  env: NodeJS.ProcessEnv,
): Promise<VerificationTarget> {
  const { appId, organization, ...chosen } = namedApplication("--certificate-file", options, env);
  const passwordFile = options["password-file"];
  const { certificatePem, privateKeyPem } = await readCertificateFile(file, {
    ...(passwordFile === undefined
      ? { password: env.EXO_AUTH_CERTIFICATE_PASSWORD }
      : await readPassword(passwordFile)),
    source: "with --password-file, or in EXO_AUTH_CERTIFICATE_PASSWORD",
  });
  const certificate = readCertificate(certificatePem);
  const { thumbprint } = certificate;
  return {
    signIn: { clientId: appId, tenantId: organization, tenantDomain: organization, ...chosen, thumbprint },
    identity: { kind: "certificate", tenantId: organization, clientId: appId, certificatePem, privateKeyPem },
    certificate,
  };
}

/** The identity that the environment names, as for the azuread provider. @throws Failure where it names none */
async function environmentTarget(env: NodeJS.ProcessEnv): Promise<VerificationTarget> {
  const identity = await identityFromEnvironment(env);
  if (identity.kind === "azureCli") {
    throw usageFailure(
      "The environment names no application. Set ARM_TENANT_ID, ARM_CLIENT_ID and ARM_CLIENT_CERTIFICATE_PATH, or another way to sign in.",
    );
  }
  const { tenantId, clientId } = identity;
  const certificate = identity.kind === "certificate" ? readCertificate(identity.certificatePem) : undefined;
  return {
    signIn: {
      clientId,
      tenantId,
      tenantDomain: tenantId,
      ...chooseCloud(tenantId, env),
      thumbprint: certificate?.thumbprint ?? "",
    },
    identity,
    ...(certificate ? { certificate } : {}),
  };
}

/**
 * A password file's first line. A Secret of Kubernetes that was made with `echo` has the line's end in the password itself,
 * and so has the keystore that cert-manager makes with it: https://github.com/cert-manager/cert-manager/issues/2902.
 *
 * @throws Failure where it cannot be the password
 */
async function readPassword(
  file: string,
): Promise<{ readonly password: string; readonly otherwise?: string }> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw passwordFileFailure(file, `${whyUnreadable(error)}. Give another file with --password-file`);
  });
  const text = decodeText(bytes);
  const [line = "", ...others] = text.split(/\r?\n/);
  if (isGarbled(line)) throw passwordFileFailure(file, unknownEncoding);
  if (line === "" && others.some((other) => other !== "")) {
    throw passwordFileFailure(
      file,
      "must have the password in its first line, which is empty. Remove the empty line",
    );
  }
  return { password: line, ...(text !== line && { otherwise: text }) };
}

function passwordFileFailure(file: string, problem: string): Failure {
  return new Failure("EXO_AUTH_FILE", `The password file "${file}" ${problem}.`);
}

/** The environment's word goes first: GCC High and DoD share their domains' suffix. */
function chooseCloud(tenant: string, env: NodeJS.ProcessEnv): Pick<SignInTarget, "cloud" | "otherCloud"> {
  const named = env.ARM_ENVIRONMENT ? cloudOfEnvironment(env.ARM_ENVIRONMENT) : undefined;
  if (named) return { cloud: named };
  const [cloud = Cloud.Global, otherCloud] = cloudsOfDomain(tenant);
  return otherCloud === undefined ? { cloud } : { cloud, otherCloud };
}

import { microsoftAppIds } from "../tenant/catalogue/microsoftServicePrincipals.ts";
import { isJsonObject, textOf, type Json, type JsonObject } from "../tenant/json.ts";
import {
  assertionForm,
  assertionOf,
  type AssertionChanges,
  keyCredentialOf,
  type RunCertificate,
} from "./credentials.ts";
import type { Answer } from "./target.ts";
import { NotPrepared, type Workplace } from "./workplace.ts";

/** An application that the run has created. */
export interface OwnApplication {
  readonly id: string;
  readonly appId: string;
}

/** With its service principal. */
export interface OwnPrincipal extends OwnApplication {
  readonly principalId: string;
}

/** Creates an application, and waits until it is seen. @param name what it is for, one word */
export async function application(
  workplace: Workplace,
  name: string,
  more: JsonObject = {},
): Promise<OwnApplication> {
  const displayName = `${workplace.options.mark} ${name}`;
  const { answer, id } = await workplace.create("application", `${name}.application`, {
    key: displayName,
    body: { displayName, ...more },
  });
  const appId = isJsonObject(answer.body) ? textOf(answer.body.appId) : "";
  if (id === "" || appId === "") throw new NotPrepared("create application", answer);
  workplace.labels.add(appId, `${name}.client`);
  await isThere(workplace, `/v1.0/applications/${id}?$select=id`);
  return { id, appId };
}

/** Creates an application with its service principal. */
export async function principal(
  workplace: Workplace,
  name: string,
  more: JsonObject = {},
): Promise<OwnPrincipal> {
  const owned = await application(workplace, name, more);
  const principalId = await principalOf(workplace, name, owned);
  return { ...owned, principalId };
}

/** Creates an application's service principal, as soon as Entra knows the application there. */
async function principalOf(workplace: Workplace, name: string, { appId }: OwnApplication): Promise<string> {
  let made = "";
  await workplace.until(
    "create service principal",
    async () => {
      const { answer, id } = await workplace.create("servicePrincipal", `${name}.principal`, {
        key: appId,
        body: { appId },
      });
      made = id;
      return answer;
    },
    ({ status }) => status === 201,
  );
  await isThere(workplace, `/v1.0/servicePrincipals/${made}?$select=id`);
  return made;
}

/** Creates a security group. */
export async function group(workplace: Workplace, name: string, more: JsonObject = {}): Promise<string> {
  const displayName = `${workplace.options.mark} ${name}`;
  const body = {
    displayName,
    mailEnabled: false,
    mailNickname: displayName.replaceAll(/\W/g, "").slice(0, 60),
    securityEnabled: true,
    ...more,
  };
  const { answer, id } = await workplace.create("group", name, { key: displayName, body });
  if (id === "") throw new NotPrepared("create group", answer);
  await isThere(workplace, `/v1.0/groups/${id}?$select=id`);
  return id;
}

/** Creates an administrative unit. */
export async function unit(workplace: Workplace, name: string): Promise<string> {
  const displayName = `${workplace.options.mark} ${name}`;
  const { answer, id } = await workplace.create("administrativeUnit", name, {
    key: displayName,
    body: { displayName },
  });
  if (id === "") throw new NotPrepared("create administrative unit", answer);
  await isThere(workplace, `/v1.0/directory/administrativeUnits/${id}?$select=id`);
  return id;
}

/** An application with its service principal, for cases that leave both as they are. */
export function plain(workplace: Workplace): Promise<OwnPrincipal> {
  return workplace.shared("plain", () => principal(workplace, "plain"));
}

/** An application with a certificate that signs in. */
export interface SigningApplication extends OwnPrincipal {
  readonly certificate: RunCertificate;
}

/** An application that signs in, with nothing granted. */
export function signing(workplace: Workplace): Promise<SigningApplication> {
  return workplace.shared("signing", () => certified(workplace, "signing"));
}

/** Creates an application with a certificate, and waits until it signs in. */
export async function certified(
  workplace: Workplace,
  name: string,
  more: JsonObject = {},
): Promise<SigningApplication> {
  const certificate = await workplace.options.certificates.first();
  const owned = await principal(workplace, name, { keyCredentials: [keyCredentialOf(certificate)], ...more });
  const signed = { ...owned, certificate };
  await workplace.until(
    "sign in",
    () => trySignIn(workplace, signed),
    ({ status }) => status === 200,
  );
  return signed;
}

/** An application that signs in and has Exchange.ManageAsApp. */
export function consented(workplace: Workplace): Promise<SigningApplication> {
  return workplace.shared("consented", async () => {
    const owned = await certified(workplace, "consented");
    await consent(workplace, owned.principalId);
    return owned;
  });
}

/** Exchange.ManageAsApp of Office 365 Exchange Online. */
export const manageAsApp = "dc50a0fb-09a3-484d-be87-e023b12c6440";

/** Gives an application Exchange.ManageAsApp. @throws NotPrepared */
export async function consent(workplace: Workplace, principalId: string): Promise<void> {
  const resourceId = await microsoftPrincipal(workplace, microsoftAppIds.exchangeOnline);
  const body = { principalId, resourceId, appRoleId: manageAsApp };
  const path = `/v1.0/servicePrincipals/${principalId}/appRoleAssignments`;
  await workplace.until(
    "consent",
    () => workplace.graph("POST", path, { body }),
    ({ status }) => status === 201,
  );
}

/** The object ID of one of Microsoft's service principals. @throws NotPrepared */
export async function microsoftPrincipal(workplace: Workplace, appId: string): Promise<string> {
  return workplace.shared(appId, async () => {
    const filter = encodeURIComponent(`appId eq '${appId}'`);
    const answer = await workplace.graph("GET", `/v1.0/servicePrincipals?$filter=${filter}&$select=id`);
    const id = textOf(items(answer)[0]?.id);
    if (id === "") throw new NotPrepared("find Microsoft's service principal", answer);
    workplace.labels.add(id, "microsoft.principal");
    return id;
  });
}

/** Assigns a directory role to something that the run has created. @returns the assignment's ID */
export async function assignRole(
  workplace: Workplace,
  principalId: string,
  roleDefinitionId: string,
  directoryScopeId = "/",
): Promise<string> {
  let made = "";
  await workplace.until(
    "assign a directory role",
    async () => {
      const body = { principalId, roleDefinitionId, directoryScopeId };
      const { answer, id } = await workplace.create("roleAssignment", "assignment", {
        key: principalId,
        body,
      });
      made = id;
      return answer;
    },
    ({ status }) => status === 201,
  );
  return made;
}

/** A form with a good assertion, or with one that is changed. */
export async function signInForm(
  workplace: Workplace,
  { appId, certificate }: { readonly appId: string; readonly certificate: RunCertificate },
  { scope, ...changes }: AssertionChanges & { readonly scope?: string } = {},
): Promise<Record<string, string>> {
  const assertion = await assertionOf(
    certificate,
    { clientId: appId, audience: tokenAudience(workplace), now: workplace.now() },
    changes,
  );
  return assertionForm(appId, assertion, scope ?? workplace.options.target.endpoints.graph.scope);
}

/** What assertions are for. */
function tokenAudience({ options: { target } }: Workplace): string {
  return `${target.endpoints.authorityHost}/${target.tenantId}/oauth2/v2.0/token`;
}

/** A token of an application of the run's own. @throws NotPrepared */
export async function tokenOf(
  workplace: Workplace,
  owned: SigningApplication,
  scope: string,
): Promise<string> {
  const answer = await trySignIn(workplace, owned, scope);
  const token = isJsonObject(answer.body) ? textOf(answer.body.access_token) : "";
  if (token === "") throw new NotPrepared("sign in", answer);
  return token;
}

async function trySignIn(workplace: Workplace, owned: SigningApplication, scope?: string): Promise<Answer> {
  return workplace.signIn(await signInForm(workplace, owned, scope === undefined ? {} : { scope }));
}

/** A reference to an object of the directory, as a member or an owner. */
export function reference({ options: { target } }: Workplace, id: string): JsonObject {
  return { "@odata.id": `${target.endpoints.graph.url}/v1.0/directoryObjects/${id}` };
}

/** The items of a list; none where it is none. */
export function items({ body }: Answer): readonly JsonObject[] {
  const value: Json | undefined = isJsonObject(body) ? body.value : undefined;
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

async function isThere(workplace: Workplace, path: string): Promise<void> {
  await workplace.until(
    "read what was created",
    () => workplace.graph("GET", path),
    ({ status }) => status === 200,
  );
}

/** A text of an answer; empty where it is none. */
export function textAt({ body }: Answer, name: string): string {
  return isJsonObject(body) ? textOf(body[name]) : "";
}

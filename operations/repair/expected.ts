import * as v from "valibot";
import { childTypes } from "../../common/typeTokens.ts";
import { textOf } from "../../stack/values.ts";
import { type ComponentParts, outputOf } from "../ownership/componentParts.ts";
import { type Expected, keyOf } from "./inspect.ts";
import { ownCertificates } from "../ownership/ownCertificates.ts";
import { declaredCredential, trustKey } from "./federatedTrust.ts";

/** Who deploys, as its access token says. */
export interface Deployer {
  /** The client ID of the application; the Azure CLI's own where a person signs in with that. */
  readonly clientId: string | undefined;
  readonly objectId: string | undefined;
}

/** What a component has, and wants, of its application and service principal. */
export function expectedOf(parts: ComponentParts, deployer: Deployer): Expected {
  const { known, planned } = parts;
  const resources = [...planned, ...known];
  const principal = outputOf(parts, childTypes.servicePrincipal, "objectId");
  const ofType = (type: string) => resources.filter((resource) => resource.type === type);
  return {
    deployerClientId: deployer.clientId,
    deployerObjectId: deployer.objectId,
    owners: ofType(childTypes.application).flatMap(({ inputs }) =>
      v.is(Owners, inputs) ? inputs.owners : [],
    ),
    keys: new Set(ownCertificates(known).map(({ keyId, sha256 }) => keyOf(keyId, sha256))),
    permissions: new Set(
      ofType(childTypes.appRoleAssignment).map(({ inputs }) =>
        `${textOf(inputs, "resourceObjectId") ?? ""} ${textOf(inputs, "appRoleId") ?? ""}`.toLowerCase(),
      ),
    ),
    federated: new Set(
      planned
        .filter(({ type }) => type === childTypes.federatedCredential)
        .flatMap(({ inputs }) => declaredCredential(inputs) ?? [])
        .map(trustKey),
    ),
    roles: new Set(
      ofType(childTypes.directoryRoleAssignment)
        // The component gives roles to users, too, whom it knows already.
        .filter(({ inputs }) => [principal, undefined].includes(textOf(inputs, "principalObjectId")))
        .map(({ inputs }) => (textOf(inputs, "roleId") ?? "").toLowerCase()),
    ),
  };
}

const Owners = v.object({ owners: v.array(v.string()) });

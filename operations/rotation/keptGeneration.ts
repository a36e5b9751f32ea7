import { shellArgument } from "../../common/shellArgument.ts";
import { appCertificateType } from "../../common/typeTokens.ts";
import type { StackResource } from "../../stack/resource.ts";
import { parseUrn } from "../../stack/urn.ts";

/** Why generations would stay in the tenant, and what to do; undefined where an update takes them all out of it. */
export function keptText(
  resources: readonly StackResource[],
  component: string,
  generations: readonly string[],
): string | undefined {
  const sentences = generations.flatMap((generation) => {
    const kept = keptGeneration(resources, component, generation);
    return kept.length === 0
      ? []
      : [`Generation "${generation}" cannot be removed in the present state.`, ...kept];
  });
  return sentences.length === 0 ? undefined : sentences.join(" ");
}

/**
 * Why an update would not take a generation's credential out of the tenant, one sentence a resource: the state's own
 * options of the resources that stand for it. The component gives its certificates none, but a parent's options, a
 * transform or `pulumi state protect` can.
 *
 * @param component the component's name
 * @param generation the generation's name
 */
export function keptGeneration(
  resources: readonly StackResource[],
  component: string,
  generation: string,
): readonly string[] {
  const name = `${component}-cert-${generation}`;
  const certificate = resources.find(
    ({ urn, type, parent }) =>
      type === appCertificateType && parseUrn(urn).name === name && parseUrn(parent ?? "").name === component,
  );
  const parts = resources.filter(
    (resource) =>
      !resource.delete &&
      certificate !== undefined &&
      (resource === certificate || resource.parent === certificate.urn),
  );
  return parts.flatMap(({ urn, protect, retainOnDelete, deletedWith }) => [
    ...(protect
      ? [`It is protected: run \`pulumi state unprotect ${shellArgument(urn, "URN")} --yes\`.`]
      : []),
    ...(retainOnDelete
      ? [
          `\`retainOnDelete\` is set on ${urn}, so Pulumi would forget it and leave it in the tenant. Remove the option where it comes from (a parent's options, or a transform), and run \`pulumi up\`.`,
        ]
      : []),
    ...(deletedWith
      ? [
          `\`deletedWith\` is set on ${urn}, so Pulumi can forget it and leave it in the tenant. Remove the option where it comes from (a parent's options, or a transform), and run \`pulumi up\`.`,
        ]
      : []),
  ]);
}

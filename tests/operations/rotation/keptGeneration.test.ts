import { expect, test } from "vitest";
import { keptGeneration, keptText } from "../../../operations/rotation/keptGeneration.ts";
import { parseExport } from "../../../stack/exportedState.ts";
import { exportedComponent, exportOf } from "../../stack/exportedState.ts";

const parent = exportedComponent("s", "p", "exchange").find(({ urn }) => urn.endsWith("cert-1"))!;
const credential = {
  urn: "urn:pulumi:s::p::exchange-auth:index:AppCertificate$azuread:index/applicationCertificate:ApplicationCertificate::exchange-cert-1",
  type: "azuread:index/applicationCertificate:ApplicationCertificate",
  parent: parent.urn,
  outputs: {},
};

function kept(options: object, generation = "1"): readonly string[] {
  const exported = exportOf([...exportedComponent("s", "p", "exchange"), { ...credential, ...options }]);
  return keptGeneration(parseExport(exported).resources, "exchange", generation);
}

test("a generation without such options can go", () => {
  expect(kept({})).toEqual([]);
  expect(kept({ protect: false, retainOnDelete: false, deletedWith: "" })).toEqual([]);
});

test.each([
  [{ protect: true }, `It is protected: run \`pulumi state unprotect '${credential.urn}' --yes\`.`],
  [
    { retainOnDelete: true },
    `\`retainOnDelete\` is set on ${credential.urn}, so Pulumi would forget it and leave it in the tenant. Remove the option where it comes from (a parent's options, or a transform), and run \`pulumi up\`.`,
  ],
  [
    { deletedWith: "urn:of:another" },
    `\`deletedWith\` is set on ${credential.urn}, so Pulumi can forget it and leave it in the tenant. Remove the option where it comes from (a parent's options, or a transform), and run \`pulumi up\`.`,
  ],
])("%j keeps it, and what to do is said", (options, sentence) => {
  expect(kept(options)).toEqual([sentence]);
});

test("of several generations, each that is kept is named with what to do", () => {
  const exported = exportOf([...exportedComponent("s", "p", "exchange"), { ...credential, ...isProtected }]);
  const { resources } = parseExport(exported);
  expect(keptText(resources, "exchange", ["2", "1"])).toBe(
    `Generation "1" cannot be removed in the present state. It is protected: run \`pulumi state unprotect '${credential.urn}' --yes\`.`,
  );
  expect(keptText(resources, "exchange", ["2"])).toBeUndefined();
});

test("another generation's options, and those of what only waits to be deleted, do not matter", () => {
  expect(kept({ protect: true }, "2")).toEqual([]);
  expect(kept({ protect: true, delete: true })).toEqual([]);
});

const isProtected: object = { protect: true };

test("options of the AppCertificate itself matter, and a generation that is not there keeps nothing", () => {
  const exported = exportOf([{ ...parent, ...isProtected }, credential]);
  const { resources } = parseExport(exported);
  expect(keptGeneration(resources, "exchange", "1")).toEqual([
    `It is protected: run \`pulumi state unprotect '${parent.urn}' --yes\`.`,
  ]);
  expect(kept({ protect: true }, "3")).toEqual([]);
});

test("something else of that name, and another component's, do not matter", () => {
  const others = [
    {
      ...parent,
      urn: "urn:pulumi:s::p::mine:index:Thing::exchange-cert-1",
      type: "mine:index:Thing",
      ...isProtected,
    },
    {
      ...parent,
      urn: parent.urn.replace("$", "$x:y:Z$"),
      parent: "urn:pulumi:s::p::x:y:Z::other",
      ...isProtected,
    },
  ];
  const { resources } = parseExport(exportOf([...others, parent, credential]));
  expect(keptGeneration(resources, "exchange", "1")).toEqual([]);
});

import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

import { isWideSubject } from "../../common/federatedSubject.ts";
import { visible } from "../../common/foreignText.ts";
import { type Platform, platforms } from "../../operations/matrix/platforms.ts";
import { root } from "../docs/pages.ts";
import { issuers } from "../engine/pipelines/tokenIssuer.ts";

/** What there is to know of a platform. */
interface KnownPlatform {
  /** As pages and messages name it. */
  readonly title: string;
  /** What its runner takes for a command in a log. */
  readonly command: string;
  /** The subject of one branch or environment, and one of more; undefined where a subject is never of more. */
  readonly subject: string;
  readonly wideSubject: string | undefined;
}

const known: Readonly<Record<Platform, KnownPlatform>> = {
  github: {
    title: "GitHub Actions",
    command: "::error::text",
    subject: "repo:contoso/exchange:ref:refs/heads/main",
    wideSubject: "repo:contoso/exchange:pull_request",
  },
  azure: {
    title: "Azure Pipelines",
    command: "##vso[task.complete]",
    subject: "sc://contoso/exchange/deployment",
    wideSubject: undefined,
  },
  gitlab: {
    title: "GitLab",
    command: "section_start:1:name",
    subject: "project_path:contoso/exchange:ref_type:branch:ref:main",
    wideSubject: "project_path:contoso/exchange:ref_type:tag:ref:v1",
  },
};

/** The files that name every platform. */
const naming = [
  "cli/commands/matrix.ts",
  "docs/deployer.md",
  "docs/pipelines/README.md",
  "docs/token.md",
  "examples/README.md",
  "examples/pipelines/README.md",
  "operations/token/jobClaims.ts",
];

/** Each place that has to know every platform, and whether it knows this one. */
const places: Readonly<Record<string, (platform: Platform) => boolean>> = {
  ...Object.fromEntries(
    naming.map((file) => [file, (platform: Platform) => read(file).includes(known[platform].title)]),
  ),
  "common/foreignText.ts": (platform) => visible(known[platform].command) !== known[platform].command,
  "common/federatedSubject.ts": (platform) => {
    const { subject, wideSubject } = known[platform];
    return (
      !isWideSubject(subject, undefined) &&
      (wideSubject === undefined || isWideSubject(wideSubject, undefined))
    );
  },
  "docs/pipelines/": (platform) => existsSync(path.join(root, `docs/pipelines/${platform}.md`)),
  "examples/pipelines/": (platform) => existsSync(path.join(root, `examples/pipelines/${platform}`)),
  "tests/docs/commands.ts": (platform) =>
    read("tests/docs/commands.ts").includes(`docs/pipelines/${platform}.md`),
  "tests/docs/promises/examplePromises.ts": (platform) =>
    read("tests/docs/promises/examplePromises.ts").includes(`docs/pipelines/${platform}.md`),
  "tests/engine/pipelines/tokenIssuer.ts": (platform) => Object.keys(issuers).includes(platform),
  "tests/engine/full/": (platform) =>
    globSync("tests/engine/full/pipelines*.test.ts", { cwd: root }).some((file) =>
      path.basename(file).toLowerCase().startsWith(`pipelines${platform}.`),
    ),
  "tests/fixtures/schemas/": (platform) =>
    globSync(`tests/fixtures/schemas/${platform}-*.json*`, { cwd: root }).length > 0,
};

test("every place that has to know the platforms knows each of them", () => {
  const unknown = platforms.flatMap((platform) =>
    Object.entries(places).flatMap(([place, knows]) =>
      knows(platform) ? [] : [`${place} does not know ${platform}`],
    ),
  );
  expect(unknown).toEqual([]);
});

function read(file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}

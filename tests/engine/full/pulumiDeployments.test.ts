import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

import { afterAll, beforeAll, expect, test } from "vitest";

import { createSandbox, type Sandbox } from "../../../sandbox/createSandbox.ts";
import { commandsOf } from "../../docs/pages.ts";

// Pulumi's own command line runs what docs/pipelines/pulumiDeployments.md says, against a stand-in for Pulumi Cloud.
let sandbox: Sandbox;
let cloud: Server;
const received: (readonly [path: string, body: unknown])[] = [];

const stack = "/api/stacks/contoso/exchange-auth/contoso";
const answers: Readonly<Record<string, unknown>> = {
  "/api/user": { githubLogin: "contoso", organizations: [{ githubLogin: "contoso" }] },
  "/api/user/stacks": {
    stacks: [{ orgName: "contoso", projectName: "exchange-auth", stackName: "contoso" }],
  },
  [stack]: { orgName: "contoso", projectName: "exchange-auth", stackName: "contoso", tags: {} },
};

beforeAll(async () => {
  sandbox = await createSandbox();
  cloud = createServer(async (request, response) => {
    const path = (request.url ?? "").split("?")[0] ?? "";
    if (request.method === "POST") received.push([path, JSON.parse(await text(request))]);
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(answers[path] ?? {}));
  });
  cloud.listen(0, "127.0.0.1");
  await once(cloud, "listening");
});

afterAll(async () => {
  cloud.closeAllConnections();
  cloud.close();
  await sandbox.close();
});

test("the commands of the page make the settings and the schedule that it describes", async () => {
  const env = {
    ...sandbox.env,
    PULUMI_BACKEND_URL: `http://127.0.0.1:${(cloud.address() as AddressInfo).port}`,
    PULUMI_ACCESS_TOKEN: "a token",
    PULUMI_STACK: "contoso",
    TENANT_ID: "a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47",
    DEPLOYER: "4c0d0ce9-1f0f-4d8a-9d9b-3a8a6b7f7c11",
    IMAGE: `pulumi/pulumi-nodejs@sha256:${"0".repeat(64)}`,
  };
  let printed = "";
  for (const { text: command } of commandsOf("docs/pipelines/pulumiDeployments.md")) {
    const { exitCode, stdout, stderr } = await sandbox.run("sh", ["-c", command], { env });
    expect(exitCode, `${command}\n${stdout}${stderr}`).toBe(0);
    printed = stdout;
  }
  expect(received).toEqual([
    [
      `${stack}/deployments/settings`,
      {
        gitHub: { deployCommits: true, previewPullRequests: true, repository: "contoso/exchange" },
        sourceContext: { git: { branch: "main" } },
      },
    ],
    [
      `${stack}/deployments/settings`,
      {
        operationContext: {
          oidc: {
            azure: {
              clientId: env.DEPLOYER,
              subscriptionId: "00000000-0000-0000-0000-000000000000",
              tenantId: env.TENANT_ID,
            },
          },
        },
      },
    ],
    [
      `${stack}/deployments/settings`,
      {
        operationContext: {
          preRunCommands: ["npm ci --ignore-scripts", "npx --no-install exo-auth preflight"],
        },
      },
    ],
    [`${stack}/deployments/settings`, { executorContext: { executorImage: env.IMAGE } }],
    [`${stack}/deployments/drift/schedules`, { scheduleCron: "17 4 * * *", autoRemediate: false }],
  ]);
  expect(JSON.parse(printed)).toMatchObject({ shards: [{ name: "contoso", stacks: ["contoso"] }] });
});

import type { TokenCredential } from "@azure/identity";
import * as v from "valibot";
import { checked, readJson, refused } from "./apiError.ts";
import type { ServiceEndpoint } from "./endpoints.ts";
import { NextLink, nextPages } from "./nextPage.ts";
import type { Send, ServiceOptions } from "./service.ts";
import { createService } from "./service.ts";

/** The tenant whose Exchange is asked. */
export interface ExchangeTenant {
  readonly tenantId: string;
  /** Security & Compliance finds the tenant's own servers by it. */
  readonly initialDomain: string;
}

/** Runs cmdlets over the admin API that Microsoft's PowerShell module uses. */
export interface ExchangeClient {
  /** Runs a cmdlet and returns what it wrote, with all pages. @throws ApiError, SignInError */
  invoke<T>(
    cmdlet: string,
    parameters: Readonly<Record<string, unknown>>,
    item: v.GenericSchema<unknown, T>,
  ): Promise<readonly T[]>;
}

/** How to reach Exchange. */
export interface ExchangeOptions extends Pick<ServiceOptions, "signal" | "retryDelayMs" | "limit"> {
  readonly credential: TokenCredential;
  readonly endpoint: ServiceEndpoint;
  readonly tenant: ExchangeTenant;
}

/** Exchange Online as Connect-ExchangeOnline reaches it. */
export function createExchangeClient(options: ExchangeOptions): ExchangeClient {
  const { tenant, endpoint } = options;
  const send = createService({ name: exchangeName, scope: endpoint.scope, ...options });
  return client(
    exchangeName,
    send,
    async () => endpoint.url,
    tenant.tenantId,
    `APP:${mailbox}@${tenant.tenantId}`,
  );
}

/** Security & Compliance as Connect-IPPSSession reaches it. */
export function createComplianceClient(options: ExchangeOptions): ExchangeClient {
  const { tenant, endpoint } = options;
  const send = createService({ name: complianceName, scope: endpoint.scope, ...options });
  const anchor = `UPN:${mailbox}@${tenant.initialDomain}`;
  let region: Promise<string> | undefined;
  const url = (): Promise<string> => (region ??= regionOf(send, endpoint.url, tenant.tenantId, anchor));
  return client(complianceName, send, url, tenant.tenantId, anchor);
}

const exchangeName = "Exchange Online";
const complianceName = "Security & Compliance";

// The arbitration mailbox that every organisation has; requests are routed to the servers that hold it.
const mailbox = "SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}";

const Page = v.object({ value: v.array(v.unknown()), "@odata.nextLink": NextLink });

function client(
  name: string,
  send: Send,
  baseUrl: () => Promise<string>,
  tenantId: string,
  anchor: string,
): ExchangeClient {
  return {
    async invoke(cmdlet, parameters, item) {
      const found: v.InferOutput<typeof item>[] = [];
      let url = `${await baseUrl()}/adminapi/beta/${tenantId}/InvokeCommand`;
      const addressOf = nextPages(name, url);
      for (;;) {
        const response = await send({
          method: "POST",
          url,
          headers: { "x-anchormailbox": anchor, prefer: "odata.maxpagesize=1000" },
          body: { CmdletInput: { CmdletName: cmdlet, Parameters: parameters } },
        });
        if (response.status !== 200) throw refused(name, response);
        const page: v.InferOutput<typeof Page> = readJson(name, response, Page);
        found.push(...page.value.map((value) => checked(name, cmdlet, value, item)));
        const link = page["@odata.nextLink"];
        if (!link) return found;
        url = addressOf(link);
      }
    },
  };
}

async function regionOf(send: Send, url: string, tenantId: string, anchor: string): Promise<string> {
  const response = await send({
    url: `${url}/adminapi/beta/${tenantId}/EXOBanner('AutogenSession')?Version=3.9.0`,
    headers: { "x-anchormailbox": anchor },
  });
  const location = response.headers.get("location");
  if (location !== undefined) return regionalUrl(url, location);
  if (response.status >= 400) throw refused(complianceName, response);
  return url;
}

/**
 * Security & Compliance answers from the region that a tenant lives in. Its front door redirects to a host whose first
 * label names the region; the host that takes cmdlets begins with the same label.
 *
 * @internal
 */
export function regionalUrl(frontDoor: string, location: string): string {
  const front = new URL(frontDoor);
  const target = new URL(location, front);
  if (target.hostname === front.hostname) return frontDoor;
  return `https://${target.hostname.split(".")[0]}.${front.host}`;
}

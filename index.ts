import { readConfiguration } from "./components/configuration.ts";
import { ExchangeAppOnlyAuth } from "./components/index.ts";

const exchange = new ExchangeAppOnlyAuth("exchange", readConfiguration());

export const {
  appId,
  thumbprint,
  tenantDomain,
  tenantId,
  applicationObjectId,
  servicePrincipalObjectId,
  certificatePem,
  certificateDerBase64,
  certificateThumbprintSha256,
  certificateNotBefore,
  certificateNotAfter,
  privateKeyPem,
  pfxBase64,
  pfxPassword,
  connectExchangeOnline,
  connectIppsSession,
} = exchange;

import pulumi
from pulumi_exchange_auth import ExchangeAppOnlyAuth

exchange = ExchangeAppOnlyAuth("exchange", display_name="Exchange Online automation")

pulumi.export("appId", exchange.app_id)
pulumi.export("thumbprint", exchange.thumbprint)
pulumi.export("tenantDomain", exchange.tenant_domain)
pulumi.export("connectExchangeOnline", exchange.connect_exchange_online)
pulumi.export("pfxBase64", exchange.pfx_base64)
pulumi.export("pfxPassword", exchange.pfx_password)

package main

import (
	"example.com/pulumi-exchange-auth/sdk/go/exchangeauth"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		exchange, err := exchangeauth.NewExchangeAppOnlyAuth(ctx, "exchange", &exchangeauth.ExchangeAppOnlyAuthArgs{
			DisplayName: pulumi.String("Exchange Online automation"),
		})
		if err != nil {
			return err
		}

		ctx.Export("appId", exchange.AppId)
		ctx.Export("thumbprint", exchange.Thumbprint)
		ctx.Export("tenantDomain", exchange.TenantDomain)
		ctx.Export("connectExchangeOnline", exchange.ConnectExchangeOnline)
		ctx.Export("pfxBase64", exchange.PfxBase64)
		ctx.Export("pfxPassword", exchange.PfxPassword)
		return nil
	})
}

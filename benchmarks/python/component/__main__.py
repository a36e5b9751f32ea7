from pulumi_exchange_auth import ExchangeAppOnlyAuth

ExchangeAppOnlyAuth("exchange")

# The resources of the flat program, as somebody writes them who follows the providers' pages.
terraform {
  required_providers {
    azuread = { source = "hashicorp/azuread" }
    random  = { source = "hashicorp/random" }
    tls     = { source = "hashicorp/tls" }
  }
}

locals {
  exchange_app_id        = "00000002-0000-0ff1-ce00-000000000000"
  manage_as_app          = "dc50a0fb-09a3-484d-be87-e023b12c6440"
  exchange_administrator = "29232cdf-9323-42fd-ade2-1d097af3e4de"
}

data "azuread_service_principal" "exchange_online" {
  client_id = local.exchange_app_id
}

data "azuread_domains" "initial" {
  only_initial = true
}

resource "azuread_application" "flat" {
  display_name = "Flat in Terraform"
  required_resource_access {
    resource_app_id = local.exchange_app_id
    resource_access {
      id   = local.manage_as_app
      type = "Role"
    }
  }
}

resource "azuread_service_principal" "flat" {
  client_id = azuread_application.flat.client_id
}

resource "azuread_app_role_assignment" "flat" {
  app_role_id         = local.manage_as_app
  principal_object_id = azuread_service_principal.flat.object_id
  resource_object_id  = data.azuread_service_principal.exchange_online.object_id
}

resource "azuread_directory_role_assignment" "flat" {
  role_id             = local.exchange_administrator
  principal_object_id = azuread_service_principal.flat.object_id
}

resource "tls_private_key" "flat" {
  algorithm = "RSA"
  rsa_bits  = 2048
}

resource "tls_self_signed_cert" "flat" {
  private_key_pem       = tls_private_key.flat.private_key_pem
  validity_period_hours = 364 * 24
  allowed_uses          = ["digital_signature", "key_encipherment", "client_auth"]
  subject {
    common_name = "Flat"
  }
}

resource "random_uuid" "flat" {}

resource "azuread_application_certificate" "flat" {
  application_id = azuread_application.flat.id
  key_id         = random_uuid.flat.result
  type           = "AsymmetricX509Cert"
  value          = tls_self_signed_cert.flat.cert_pem
  # Without parts of a second, which Entra does not keep.
  end_date = formatdate("YYYY-MM-DD'T'hh:mm:ssZ", tls_self_signed_cert.flat.validity_end_time)
}

resource "random_password" "flat" {
  length = 32
}

output "app_id" {
  value = azuread_application.flat.client_id
}

output "tenant_domain" {
  value = data.azuread_domains.initial.domains[0].domain_name
}

import pulumi_azuread as azuread

azuread.Application("plain", display_name="One resource")

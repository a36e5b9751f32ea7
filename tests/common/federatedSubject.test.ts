import { expect, test } from "vitest";
import { isWideSubject } from "../../common/federatedSubject.ts";

test.each<[string | null | undefined, string | null | undefined, boolean]>([
  ["repo:contoso/exchange:environment:production", null, false],
  ["repo:contoso/exchange:ref:refs/heads/main", null, false],
  ["repo:contoso@1234567/exchange@89012345:environment:production", null, false],
  ["repo:contoso@1234567/exchange@89012345:pull_request", null, true],
  // github.com/Azure/accelerator-bootstrap-modules/pull/135.
  [
    "repo:contoso/exchange:environment:plan:job_workflow_ref:contoso/w/.github/workflows/ci.yaml@refs/heads/main",
    null,
    false,
  ],
  ["repo:contoso/exchange:pull_request", null, true],
  ["repo:contoso/exchange", null, true],
  ["repo:contoso/*:environment:production", null, true],
  ["repo:contoso/exchange:ref:refs/tags/v1", null, true],
  ["project_path:contoso/exchange:ref_type:branch:ref:main", null, false],
  ["project_path:contoso/exchange:ref_type:tag:ref:v1", null, true],
  ["project_id:42:ref_type:branch:ref:main", null, false],
  ["project_id:42:ref_type:tag:ref:main", null, true],
  ["project_id:42:ref:main", null, true],
  ["project_path:contoso/exchange:environment:production", null, false],
  ["project_path:contoso/exchange:environment:", null, true],
  ["sc://contoso/exchange/deployment", null, false],
  // github.com/microsoft/terraform-provider-azuredevops/issues/1361.
  ["/eid1/c/pub/t/tenant/a/application/sc/organization/connection", null, false],
  [null, "claims['sub'] matches 'repo:contoso/*'", true],
  [undefined, "claims['sub'] matches 'repo:contoso/*'", true],
  ["", "claims['sub'] matches 'repo:contoso/*'", true],
  [undefined, undefined, false],
  [null, null, false],
  ["", "", false],
  ["repo:contoso/exchange:environment:production\nand more", null, true],
  ["project_path:contoso/exchange:ref_type:branch:ref:main\nand more", null, true],
])("the subject %s with the expression %s is wide: %s", (subject, expression, wide) => {
  expect(isWideSubject(subject, expression)).toBe(wide);
});

const github = "https://token.actions.githubusercontent.com";

test.each<[string, string, boolean]>([
  ["repository_owner:contoso", github, true],
  ["job_workflow_ref:contoso/exchange/.github/workflows/deploy.yml@refs/heads/main", github, true],
  ["repository:contoso/exchange", github, true],
  ["environment:production", `${github}/contoso`, true],
  ["repository_owner:contoso", "https://token.actions.contoso.ghe.com", true],
  ["repository:contoso/exchange:environment:production", github, false],
  ["repository_id:89012345:ref:refs/heads/main", github, false],
  ["repository_owner:contoso", "https://github.contoso.com/_services/token", true],
  ["repository_id:8:environment:production", "https://github.contoso.com/_services/token", false],
  ["ref_type:branch:ref:main", "https://gitlab.com", true],
  ["namespace_id:42", "https://gitlab.com/", true],
  ["project_id:42:ref_type:branch:ref:main", "https://gitlab.com", false],
  ["user:1", "https://gitlab.com.contoso.com", false],
  ["sc://contoso/exchange/deployment", "https://vstoken.dev.azure.com/organization", false],
])("the composed subject %s of %s is wide: %s", (subject, issuer, wide) => {
  expect(isWideSubject(subject, null, issuer)).toBe(wide);
});

import { PolicyPack } from "@pulumi/policy";
import { policiesOf } from "./policies.ts";
import { rules } from "./rules.ts";

// The pack's name is released, as the names of its rules are.
new PolicyPack("exchange-auth-policies", { enforcementLevel: "mandatory", policies: policiesOf(rules) });

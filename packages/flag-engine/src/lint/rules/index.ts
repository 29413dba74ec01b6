import type { LintRule } from "../rule.ts";
import { created } from "./created.ts";
import { defaultVariant } from "./default-variant.ts";
import { expired } from "./expired.ts";
import { expiry } from "./expiry.ts";
import { naming } from "./naming.ts";
import { owner } from "./owner.ts";
import { secretValue } from "./secret-value.ts";
import { unknownOperator } from "./unknown-operator.ts";
import { unknownVariant } from "./unknown-variant.ts";
import { unreachableRule } from "./unreachable-rule.ts";
import { unusedEvaluator } from "./unused-evaluator.ts";
import { unusedVariant } from "./unused-variant.ts";

/** Every rule for documents that the server takes. Besides them there are `document` and `schema`. */
export const lintRules: readonly LintRule[] = [
  unknownOperator,
  unknownVariant,
  secretValue,
  defaultVariant,
  unreachableRule,
  unusedVariant,
  unusedEvaluator,
  naming,
  owner,
  created,
  expiry,
  expired,
];

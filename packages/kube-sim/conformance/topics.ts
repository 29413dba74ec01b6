import type { Topic } from "./case.ts";
import { admission } from "./topics/admission.ts";
import { admissionMatching } from "./topics/admission-matching.ts";
import { applying } from "./topics/applying.ts";
import { definitions, schemas } from "./topics/custom-kinds.ts";
import { badPatches } from "./topics/bad-patches.ts";
import { cascades, deleting } from "./topics/deleting.ts";
import { evictions } from "./topics/evictions.ts";
import { discovery } from "./topics/discovery.ts";
import { fieldValidation } from "./topics/field-validation.ts";
import { defaulting, immutable } from "./topics/kinds.ts";
import { evolvingDefinitions } from "./topics/evolving-definitions.ts";
import { identity } from "./topics/identity.ts";
import { managedFields } from "./topics/managed-fields.ts";
import { metadata } from "./topics/metadata.ts";
import { listOptions, writeOptions } from "./topics/options.ts";
import { patching } from "./topics/patching.ts";
import { escalation } from "./topics/escalation.ts";
import { rbac } from "./topics/rbac.ts";
import { paging, selecting } from "./topics/reading.ts";
import { tables } from "./topics/tables.ts";
import { refusals } from "./topics/refusals.ts";
import { rollouts } from "./topics/rollouts.ts";
import { runningPods } from "./topics/running-pods.ts";
import { podSurroundings } from "./topics/pod-surroundings.ts";
import { reviews } from "./topics/reviews.ts";
import { podsAndTokens, scaling, statuses } from "./topics/subresources.ts";
import { tokens } from "./topics/tokens.ts";
import { watches } from "./topics/watching.ts";
import { workloadRules } from "./topics/workload-rules.ts";
import { concurrency, generation } from "./topics/versions.ts";
import { creating, dryRun } from "./topics/writing.ts";

/** All topics of the suite. */
export const topics: readonly Topic[] = [
  { name: "running-pods", cases: runningPods },
  { name: "pod-surroundings", cases: podSurroundings },
  { name: "rollouts", cases: rollouts },
  { name: "discovery", cases: discovery },
  { name: "paging", cases: paging },
  { name: "selectors", cases: selecting },
  { name: "tables", cases: tables },
  { name: "create", cases: creating },
  { name: "concurrency", cases: concurrency },
  { name: "generation", cases: generation },
  { name: "dry-run", cases: dryRun },
  { name: "patches", cases: patching },
  { name: "bad-patches", cases: badPatches },
  { name: "apply", cases: applying },
  { name: "managed-fields", cases: managedFields },
  { name: "metadata", cases: metadata },
  { name: "watch", cases: watches },
  { name: "admission", cases: admission },
  { name: "admission-matching", cases: admissionMatching },
  { name: "identity", cases: identity },
  { name: "rbac", cases: rbac },
  { name: "escalation", cases: escalation },
  { name: "delete", cases: deleting },
  { name: "cascades", cases: cascades },
  { name: "status", cases: statuses },
  { name: "scale", cases: scaling },
  { name: "pods", cases: podsAndTokens },
  { name: "tokens", cases: tokens },
  { name: "evictions", cases: evictions },
  { name: "list-options", cases: listOptions },
  { name: "write-options", cases: writeOptions },
  { name: "workload-rules", cases: workloadRules },
  { name: "refusals", cases: refusals },
  { name: "defaults", cases: defaulting },
  { name: "immutable", cases: immutable },
  { name: "fields", cases: fieldValidation },
  { name: "schemas", cases: schemas },
  { name: "definitions", cases: definitions },
  { name: "evolving-definitions", cases: evolvingDefinitions },
  { name: "reviews", cases: reviews },
];

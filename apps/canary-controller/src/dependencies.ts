// spec.dependsOn: where the canaries stand that this one waits for.
import type { Canary } from "@burgee/contracts/crd";
import type { DependencySeen, RolloutSpec } from "@burgee/rollout-engine";
import { canaries } from "./canary-resource.ts";
import { targetKindOf } from "./workloads/index.ts";
import type { TargetContext, TargetFacts } from "./workloads/target.ts";

/** What to observe with; `target` is the waiting canary's own. */
export interface DependencyContext extends TargetContext {
  spec: RolloutSpec;
  target: TargetFacts | undefined;
}

/** One for each that the spec names, in its order; undefined when it names none. Rejects with KubeError when the API fails. */
export async function viewDependencies(context: DependencyContext): Promise<readonly DependencySeen[] | undefined> {
  const { dependsOn } = context.spec;
  if (dependsOn === undefined) return undefined;
  return Promise.all(
    dependsOn.map(async (ref) => {
      const canary = await context.reader.tryGet(canaries, ref);
      return { ...ref, ...(canary === undefined ? missing : await stateOf(canary, context)) };
    }),
  );
}

type Stands = Pick<DependencySeen, "state" | "message">;
const missing: Stands = { state: "pending", message: "does not exist" };

async function stateOf(canary: Canary, context: DependencyContext): Promise<Stands> {
  const phase = canary.status?.phase ?? "";
  if (phase === "Failed") return { state: "failed", message: "has failed" };
  if (phase !== "Succeeded" && phase !== "Initialized") return { state: "pending", message: `is ${phase || "new"}` };
  return (await pendingChange(canary, context)) ?? { state: "done", message: `is ${phase}` };
}

/**
 * A phase may be that of the run before: what counts is what the target holds now. And where the same image is rolled out place by
 * place, it must have come to that place first.
 */
async function pendingChange(canary: Canary, context: DependencyContext): Promise<Stands | undefined> {
  const seen = (await targetKindOf(canary.spec.targetRef)?.observe({ ...context, canary }))?.target;
  if (seen === undefined || "missing" in seen) return { state: "pending", message: "has no target" };
  const { lastAppliedSpec, lastPromotedSpec } = canary.status ?? {};
  if (seen.revision !== lastAppliedSpec && seen.revision !== lastPromotedSpec) {
    return { state: "pending", message: "has a new revision to roll out" };
  }
  for (const { name, image = "" } of context.target?.containers ?? []) {
    const there = seen.containers.find((container) => repositoryOf(container.image) === repositoryOf(image))?.image;
    if (there !== undefined && there !== image) {
      return { state: "pending", message: `runs ${there}, and container ${name} here is ${image}` };
    }
  }
  return undefined;
}

/** An image without its tag and digest. */
function repositoryOf(image = ""): string {
  return (image.split("@")[0] ?? "").replace(/:[^:/]*$/, "");
}

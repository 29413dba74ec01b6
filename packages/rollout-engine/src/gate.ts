import { hooksOf, nextHook } from "./hook-sequence.ts";
import { say } from "./notice.ts";
import type { Pass } from "./pass.ts";
import type { Gate, HookSpec } from "./rollout-spec.ts";
import type { CanaryStatus } from "./status.ts";

export type GateTurn =
  | { readonly kind: "open"; readonly status: CanaryStatus }
  | { readonly kind: "awaited"; readonly status: CanaryStatus }
  | { readonly kind: "closed"; readonly status: CanaryStatus; readonly hook: HookSpec };

/** Asks a gate: a person's approval of this revision opens it, or all of its hooks do. No hooks, no gate. */
export function openGate(
  pass: Pass,
  status: CanaryStatus,
  asked: { readonly gate: Gate; readonly revision: string },
): GateTurn {
  if (isApproved(status, asked)) {
    const { pendingHook, ...rest } = status;
    return { kind: "open", status: pendingHook?.type === asked.gate ? rest : status };
  }
  const turn = nextHook(pass, status, hooksOf(pass.spec, asked.gate));
  switch (turn.kind) {
    case "done":
      return { kind: "open", status };
    case "awaited":
      return turn;
    case "answered": {
      if (!turn.ok) return { kind: "closed", status: turn.status, hook: turn.hook };
      return openGate(pass, say(pass, turn.status, `${title(asked.gate)} check ${turn.hook.name} passed`), asked);
    }
  }
}

/** A person approved this gate for this revision, or asked to promote it whatever the gates say. */
export function isApproved(status: CanaryStatus, asked: { readonly gate: Gate; readonly revision: string }): boolean {
  if (status.override?.revision === asked.revision) return true;
  return status.approvals?.some((a) => a.gate === asked.gate && a.revision === asked.revision) ?? false;
}

function title(gate: Gate): string {
  return gate.charAt(0).toUpperCase() + gate.slice(1);
}

import type { Canary, CanaryWebhook } from "@burgee/contracts/crd";
import type { HookSpec, HookType, RolloutSpec } from "../rollout-spec.ts";
import type { SpecReader } from "./reader.ts";

/** Overrides for the whole Canary whether a rollback hook is a check or an action. */
export const rollbackHooksAnnotation = "burgee.dev/rollback-hooks";

const hookTypes = [
  "",
  "rollout",
  "confirm-rollout",
  "pre-rollout",
  "confirm-traffic-increase",
  "confirm-promotion",
  "post-rollout",
  "event",
  "rollback",
  "on-rollback",
] as const;

/** Metadata keys that make of a rollback hook something to do, not something to ask. */
const actionKeys = ["type", "cmd", "method", "body"];

/** The hooks with their defaults, each with an id that is unique in the Canary. */
export function readHooks(canary: Canary, reader: SpecReader): HookSpec[] {
  const override = rollbackHooksOverride(canary, reader);
  const names = new Map<string, number>();
  return (canary.spec.analysis?.webhooks ?? []).map((webhook, index) => {
    const path = `spec.analysis.webhooks[${index}]`;
    const count = (names.get(webhook.name) ?? 0) + 1;
    names.set(webhook.name, count);
    if (webhook.url === "" || webhook.url === undefined) {
      reader.add({ path: `${path}.url`, value: webhook.url, expected: "the http(s) address to call" });
    }
    const metadata = webhook.metadata ?? {};
    return {
      id: count === 1 ? webhook.name : `${webhook.name}#${count}`,
      name: webhook.name,
      type: hookType(reader.choice(`${path}.type`, webhook.type, hookTypes), metadata, override),
      url: webhook.url,
      timeoutMs: timeoutMs(webhook, path, reader),
      retries: reader.whole(`${path}.retries`, webhook.retries, { fallback: 0, min: 0, max: 100 }),
      muteAlert: webhook.muteAlert ?? false,
      disableTLS: webhook.disableTLS ?? false,
      metadata,
      events: webhook.events ?? [],
      minWeight: reader.whole(`${path}.minWeight`, webhook.minWeight, { fallback: 0, min: 0, max: 100 }),
    };
  });
}

/** Says for each rollback hook what it was taken for, because both readings are in use. */
export function rollbackHookNotes(canary: Canary, hooks: readonly HookSpec[]): RolloutSpec["adaptations"] {
  const written = canary.spec.analysis?.webhooks ?? [];
  return hooks.flatMap((hook, index) => {
    if (written[index]?.type !== "rollback") return [];
    const message =
      hook.type === "rollback"
        ? `Rollback hook ${hook.name} is a check: it is asked before every analysis, and a passing answer rolls back`
        : `Rollback hook ${hook.name} is an action: it is called once after a rollback (annotation ${rollbackHooksAnnotation}: check to ask it instead)`;
    return [{ type: "Normal" as const, message }];
  });
}

function hookType(
  written: (typeof hookTypes)[number],
  metadata: Readonly<Record<string, unknown>>,
  override: "check" | "action" | undefined,
): HookType {
  if (written === "") return "rollout";
  if (written !== "rollback") return written;
  const action = override === undefined ? actionKeys.some((key) => key in metadata) : override === "action";
  return action ? "on-rollback" : "rollback";
}

/** Upstream takes any text of one character as absent. */
function timeoutMs(webhook: CanaryWebhook, path: string, reader: SpecReader): number {
  const written = (webhook.timeout ?? "").length < 2 ? undefined : webhook.timeout;
  return reader.duration(`${path}.timeout`, written, { fallbackMs: 10_000 });
}

function rollbackHooksOverride(canary: Canary, reader: SpecReader): "check" | "action" | undefined {
  const value = canary.metadata.annotations?.[rollbackHooksAnnotation];
  if (value === undefined) return undefined;
  return reader.choice(`metadata.annotations[${rollbackHooksAnnotation}]`, value, ["check", "action"]);
}

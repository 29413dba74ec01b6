import { createSource } from "@burgee/flag-sync";
import { type FeatureFlagEvent, watchFeatureFlag } from "@burgee/flag-sync/kubernetes";
import type { KubeClient } from "@burgee/kube";
import type { Dialer, Logger } from "@burgee/service-kit";
import type { ProxySelector } from "./selector.ts";

/** What becomes of the flags behind a selector. */
export type UpstreamEvent =
  | { readonly kind: "document"; readonly raw: string }
  /** There is nothing (any more) behind the selector. */
  | { readonly kind: "missing"; readonly message: string }
  /** It cannot be asked. */
  | { readonly kind: "down"; readonly message: string }
  | { readonly kind: "up" };

/** Follows what is behind one selector until the signal aborts. */
export type OpenUpstream = (
  selector: ProxySelector,
  signal: AbortSignal,
  onEvent: (event: UpstreamEvent) => void,
) => void;

/** What selectors are followed through. */
export interface UpstreamOptions {
  readonly client: KubeClient;
  readonly dialer: Dialer;
  readonly log: Logger;
}

/** Follows FeatureFlags by watches, and files. What goes wrong is an event. */
export function createUpstreams({ client, dialer, log }: UpstreamOptions): OpenUpstream {
  return (selector, signal, onEvent) => {
    if (selector.kind === "file") {
      followFile(selector.path, signal, onEvent).catch((error: unknown) => {
        onEvent({ kind: "missing", message: error instanceof Error ? error.message : String(error) });
      });
      return;
    }
    const { namespace, name } = selector;
    const watch = watchFeatureFlag({
      client,
      namespace,
      name,
      log,
      onEvent: (event) => onEvent(eventFor(event, `${namespace}/${name}`, name)),
    });
    signal.addEventListener("abort", () => {
      watch
        .stop()
        .catch((err: unknown) => log.error({ namespace, featureFlag: name, err }, "feature flag watch did not stop"));
    });
    watch.start(signal);
  };

  async function followFile(path: string, signal: AbortSignal, onEvent: (event: UpstreamEvent) => void): Promise<void> {
    const source = await createSource({ uri: path, provider: "file" }, { log, dialer, kube: async () => client });
    await source.start(
      signal,
      ({ raw }) => onEvent({ kind: "document", raw }),
      (state, reason) =>
        onEvent(state === "up" ? { kind: "up" } : { kind: "down", message: reason ?? `${path} cannot be read` }),
    );
  }
}

/** In upstream's words. */
function eventFor(event: FeatureFlagEvent, uri: string, name: string): UpstreamEvent {
  switch (event.kind) {
    case "document":
      return { kind: "document", raw: event.raw };
    case "missing":
      return {
        kind: "missing",
        message: `unable to fetch FeatureFlag ${uri}: featureflags.core.openfeature.dev "${name}" not found`,
      };
    case "down":
      return { kind: "down", message: `unable to fetch FeatureFlag ${uri}: ${event.reason}` };
    case "up":
      return { kind: "up" };
  }
}

import type { KubeClient } from "@burgee/kube";
import type { Logger } from "@burgee/service-kit";
import { parseFeatureFlagUri } from "../kubernetes/feature-flag-uri.ts";
import { watchFeatureFlag } from "../kubernetes/watch-feature-flag.ts";
import type { FlagSource } from "../source.ts";

/** A FeatureFlag object. */
export interface KubernetesSourceOptions {
  /** The FeatureFlag, `namespace/name`. */
  readonly uri: string;
  readonly client: KubeClient;
  readonly log: Logger;
}

/** A FeatureFlag object with FlagOverrides laid over it. Deleting the object keeps its last flags in force. Throws RangeError for a bad URI. */
export function createKubernetesSource({ uri, client, log }: KubernetesSourceOptions): FlagSource {
  const ref = parseFeatureFlagUri(uri);
  if ("problem" in ref) throw new RangeError(ref.problem);
  return {
    name: uri,
    async start(signal, sink, onState) {
      const watch = watchFeatureFlag({
        client,
        ...ref,
        log,
        onEvent(event) {
          if (event.kind === "document") sink({ source: uri, config: event.config, raw: event.raw });
          if (event.kind === "missing")
            onState("down", `FeatureFlag ${uri} is not there; it is used once it is created`);
          else if (event.kind === "down") onState("down", `FeatureFlag ${uri} cannot be read: ${event.reason}`);
          else onState("up");
        },
      });
      const end = (): void => {
        watch.stop().catch((err: unknown) => log.error({ source: uri, err }, "feature flag watch did not stop"));
      };
      signal.addEventListener("abort", end, { once: true });
      watch.start(signal);
    },
  };
}

import { createDialer } from "@burgee/service-kit";
import { captureLogger } from "@burgee/service-kit/testing";
import type { FlagPayload, SourceConfig, SourceDeps } from "../source.ts";
import { createSource } from "../sources/index.ts";
import { fastClock } from "./source-contract.ts";

/** A source that runs, and what it has told so far. */
export interface Followed {
  readonly payloads: readonly FlagPayload[];
  /** `up`, or `down: ` and the reason. */
  readonly states: readonly string[];
  stop(): Promise<void>;
}

/** Starts a source that looks every 20 ms. */
export async function followSource(config: SourceConfig, deps: Partial<SourceDeps> = {}): Promise<Followed> {
  const dialer = createDialer();
  const stop = new AbortController();
  const payloads: FlagPayload[] = [];
  const states: string[] = [];
  const source = await createSource(config, {
    log: captureLogger().log,
    dialer,
    kube: () => Promise.reject(new Error("no Kubernetes here")),
    clock: fastClock,
    ...deps,
  });
  await source.start(
    stop.signal,
    (payload) => payloads.push(payload),
    (state, reason) => states.push(reason === undefined ? state : `${state}: ${reason}`),
  );
  return {
    payloads,
    states,
    async stop() {
      stop.abort();
      await dialer.close();
    },
  };
}

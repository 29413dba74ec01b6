import { createDialer } from "@burgee/service-kit";
import { captureLogger } from "@burgee/service-kit/testing";
import { onTestFinished } from "vitest";
import type { FlagPayload, SourceConfig, SourceDeps } from "../source.ts";
import { createSource } from "../sources/index.ts";
import { type DocumentServer, serveDocument } from "./document-server.ts";
import { documentWith, fastClock } from "./source-contract.ts";

/** A source that runs, and what it has told so far. */
export interface Followed {
  readonly payloads: readonly FlagPayload[];
  /** `up`, or `down: ` and the reason. */
  readonly states: readonly string[];
  /** Before the test ends, which stops it in any case. */
  stop(): Promise<void>;
}

/** Starts a source that looks every 20 ms, until the test ends. */
export async function followSource(config: SourceConfig, deps: Partial<SourceDeps> = {}): Promise<Followed> {
  const dialer = createDialer();
  const stop = new AbortController();
  const payloads: FlagPayload[] = [];
  const states: string[] = [];
  const end = async (): Promise<void> => {
    stop.abort();
    await dialer.close();
  };
  onTestFinished(end);
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
  return { payloads, states, stop: end };
}

/** Serves a document whose flag is "red", until the test ends. */
export async function serveRed(answer: Parameters<typeof serveDocument>[1]): Promise<DocumentServer> {
  const server = await serveDocument(documentWith("red"), answer);
  onTestFinished(() => server.close());
  return server;
}

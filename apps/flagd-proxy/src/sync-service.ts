// Everything but plain gRPC SyncFlags: FetchAllFlags, and SyncFlags over Connect and gRPC-Web.
import { FlagSyncService } from "@burgee/contracts/gen/flagd/sync/v1/sync_pb";
import { FlagSyncService as OldFlagSyncService } from "@burgee/contracts/gen/sync/v1/sync_pb";
import { messageOf } from "@burgee/service-kit";
import { Code, ConnectError, type ConnectRouter, type HandlerContext } from "@connectrpc/connect";
import type { Topics } from "./topics.ts";

interface Request {
  readonly selector: string;
}

// Upstream's.
const fetchTimeoutMs = 5_000;

/** Routes of both sync protocols. GetMetadata is not implemented, as upstream has it. */
export function syncRoutes(topics: Topics): (router: ConnectRouter) => void {
  const fetchAllFlags = async (request: Request, context: HandlerContext) => {
    try {
      const o = { timeoutMs: fetchTimeoutMs, signal: context.signal };
      return { flagConfiguration: await topics.fetch(selectorOf(request, context), o) };
    } catch (error) {
      throw new ConnectError(messageOf(error), Code.Unknown, undefined, undefined, error);
    }
  };
  async function* syncFlags(request: Request, context: HandlerContext) {
    for await (const raw of follow(topics, selectorOf(request, context), context.signal))
      yield { flagConfiguration: raw };
  }
  return (router) => {
    router.service(FlagSyncService, { fetchAllFlags, syncFlags });
    router.service(OldFlagSyncService, { fetchAllFlags, syncFlags });
  };
}

function selectorOf({ selector }: Request, { requestHeader }: HandlerContext): string {
  return selector === "" ? (requestHeader.get("flagd-selector") ?? "") : selector;
}

/** The newest version whenever the reader is ready for one. */
async function* follow(topics: Topics, selector: string, signal: AbortSignal): AsyncGenerator<string> {
  let newest: string | undefined;
  let over: { readonly error?: ConnectError } | undefined;
  let wake = Promise.withResolvers<void>();
  const end = (error?: ConnectError): void => {
    over ??= error === undefined ? {} : { error };
    wake.resolve();
  };
  const leave = topics.subscribe(selector, {
    deliver({ raw }) {
      newest = raw;
      wake.resolve();
    },
    fail: (message) => end(new ConnectError(message, Code.Unknown)),
    end: () => end(),
  });
  const onAbort = (): void => end();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    for (;;) {
      await wake.promise;
      wake = Promise.withResolvers<void>();
      const raw = newest;
      newest = undefined;
      if (raw !== undefined) yield raw;
      else if (over?.error !== undefined) throw over.error;
      else if (over !== undefined) return;
      if (newest !== undefined || over !== undefined) wake.resolve();
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    leave();
  }
}

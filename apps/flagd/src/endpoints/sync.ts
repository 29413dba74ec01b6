import type { JsonObject } from "@bufbuild/protobuf";
import { FlagSyncService } from "@burgee/contracts/gen/flagd/sync/v1/sync_pb";
import { type FlagStore, parseSelector, type Selector, toSyncDocument } from "@burgee/flag-sync";
import { Code, ConnectError, type ConnectRouter, type HandlerContext } from "@connectrpc/connect";
import { createBell } from "../bell.ts";
import { streamDeadlineMessage } from "../event-stream.ts";
import { isDeadline } from "../rpc.ts";

/** What is sent on sync streams. */
export interface SyncOptions {
  readonly store: FlagStore;
  /** Context values that in-process providers add to every evaluation. */
  readonly context: JsonObject;
  /** Whether GetMetadata is answered. */
  readonly metadata: boolean;
  /** 0: none. */
  readonly deadlineMs: number;
  /** Requests wait for it, so that nobody is told of flags that are only missing because a source is still being read. */
  readonly filled: Promise<void>;
  /** Aborted when the server stops: streams end. */
  readonly ending: AbortSignal;
}

/** flagd.sync.v1: all flags of a selector as one document, again whenever they change. */
export function serveSync(router: ConnectRouter, o: SyncOptions): void {
  router.service(FlagSyncService, {
    syncFlags: (request, call) => follow(o, selectorOf(request, call), call.signal),
    async fetchAllFlags(request, call) {
      await o.filled;
      return { flagConfiguration: toSyncDocument(o.store.snapshot().view(selectorOf(request, call))) };
    },
    getMetadata() {
      if (!o.metadata) throw new ConnectError("metadata endpoint disabled", Code.Unimplemented);
      return { metadata: o.context };
    },
  });
}

/** The header, even an empty one, wins over the message. Throws `invalid_argument`. */
function selectorOf(request: { selector: string }, { requestHeader }: HandlerContext): Selector {
  const result = parseSelector(requestHeader.get("flagd-selector") ?? request.selector);
  if (!result.ok) throw new ConnectError(result.message, Code.InvalidArgument);
  return result.selector;
}

interface SyncMessage {
  readonly flagConfiguration: string;
  readonly syncContext: JsonObject;
}

/** A client that is slow to read gets the newest document only. */
async function* follow(o: SyncOptions, selector: Selector, signal: AbortSignal): AsyncGenerator<SyncMessage> {
  await o.filled;
  const deadline = o.deadlineMs === 0 ? undefined : AbortSignal.timeout(o.deadlineMs);
  const bell = createBell([signal, o.ending, deadline]);
  const stopListening = o.store.onChange(bell.ring);
  try {
    let sent: string | undefined;
    while (true) {
      const flagConfiguration = toSyncDocument(o.store.snapshot().view(selector));
      if (flagConfiguration !== sent) yield { flagConfiguration, syncContext: o.context };
      sent = flagConfiguration;
      await bell.heard();
      if (o.ending.aborted) return;
      if (deadline?.aborted === true || isDeadline(signal.reason)) {
        throw new ConnectError(streamDeadlineMessage, Code.DeadlineExceeded);
      }
      if (signal.aborted) return;
    }
  } finally {
    stopListening();
    bell.close();
  }
}

import type { NewEntry } from "@burgee/event-bus";
import { Redis } from "ioredis";
import type { Channel } from "./channel.ts";

const stream = "raw";
const group = "bench";

/** The least code that does the same: XADD on a pipelining connection, XREADGROUP COUNT 100 on another, one XACK a batch. */
export function openRawStream(url: string): Channel & { close(): void } {
  const writer = new Redis(url, { enableAutoPipelining: true });
  return {
    async publish({ id, key, seq, type, payload, traceparent = "" }: NewEntry) {
      const fields = [
        "id",
        id,
        "key",
        key,
        "seq",
        String(seq),
        "type",
        type,
        "payload",
        Buffer.from(payload),
        "traceparent",
        traceparent,
      ];
      await writer.xadd(stream, "MAXLEN", "~", 100_000, "*", ...fields);
    },
    async consume(handler) {
      const reader = new Redis(url);
      await writer.xgroup("CREATE", stream, group, "$", "MKSTREAM").catch(ignoreExisting);
      let stopping = false;
      const reading = (async () => {
        while (!stopping) {
          const answer = await reader.xreadgroupBuffer(
            "GROUP",
            group,
            "one",
            "COUNT",
            100,
            "BLOCK",
            100,
            "STREAMS",
            stream,
            ">",
          );
          const ids = entryIds(answer);
          for (const _ of ids) handler();
          if (ids.length > 0) await writer.xack(stream, group, ...ids);
        }
      })();
      return {
        async stop() {
          stopping = true;
          await reading;
          reader.disconnect();
        },
      };
    },
    close: () => writer.disconnect(),
  };
}

function ignoreExisting(error: unknown): void {
  if (!(error instanceof Error && error.message.startsWith("BUSYGROUP"))) throw error;
}

/** Offsets of the entries in `[[stream, [[offset, fields], …]]]`; none after the wait. */
function entryIds(answer: unknown): string[] {
  const [first]: unknown[] = Array.isArray(answer) ? answer : [];
  const entries: unknown = Array.isArray(first) ? first[1] : [];
  return Array.isArray(entries)
    ? entries.flatMap((entry: unknown) => (Array.isArray(entry) ? [String(entry[0])] : []))
    : [];
}

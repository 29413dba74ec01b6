/** One server-sent event. */
export interface ReadEvent {
  id: string | undefined;
  event: string;
  data: unknown;
}

/** A reader of an event stream, as a browser's EventSource is, without its reconnecting. */
export interface EventReader {
  readonly events: readonly ReadEvent[];
  /** Lines that are signs of life. */
  readonly comments: readonly string[];
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Resolves when the server has accepted the stream and its first line came. */
export async function readEvents(url: string, o: { lastEventId?: string | undefined } = {}): Promise<EventReader> {
  const stop = new AbortController();
  const headers = o.lastEventId === undefined ? undefined : { "last-event-id": o.lastEventId };
  const response = await fetch(url, { signal: stop.signal, ...(headers !== undefined && { headers }) });
  if (response.status !== 200 || response.body === null) throw new Error(`${url} answered ${response.status}`);
  const events: ReadEvent[] = [];
  const comments: string[] = [];
  const { promise: first, resolve: onFirst } = Promise.withResolvers<void>();
  const body = response.body.pipeThrough(new TextDecoderStream());
  const ended = (async () => {
    let rest = "";
    for await (const text of body) {
      const blocks = (rest + text).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        if (block.startsWith(":")) comments.push(block);
        else events.push(parseBlock(block));
      }
      onFirst();
    }
  })().catch(() => undefined);
  await first;
  return { events, comments, ended, close: () => stop.abort() };
}

function parseBlock(block: string): ReadEvent {
  const fields = new Map(
    block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
  );
  return {
    id: fields.get("id"),
    event: fields.get("event") ?? "message",
    data: JSON.parse(fields.get("data") ?? "null"),
  };
}

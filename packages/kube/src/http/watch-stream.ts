import type { WatchEvent } from "../client.ts";
import { KubeError } from "../kube-error.ts";
import type { KubeObject } from "../object.ts";
import { errorFromStatus } from "./status-error.ts";

/** Lines of a chunked stream, in order. A last line without its newline was cut off and is dropped. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") yield line;
  }
}

/** The events of a watch's body. An ERROR event is thrown as the error it means. */
export async function* watchEvents<T extends KubeObject>(
  what: string,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<WatchEvent<T>> {
  for await (const line of linesOf(chunks)) {
    const { type, object } = parseLine(what, line);
    if (type === "ADDED" || type === "MODIFIED" || type === "DELETED") yield { type, object: object as T };
    else if (type === "BOOKMARK") yield { type, resourceVersion: object.metadata.resourceVersion ?? "" };
    else throw errorFromStatus(what, { status: statusCodeOf(object), body: object });
  }
}

function parseLine(what: string, line: string): { type: string; object: KubeObject } {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new KubeError("server_error", `${what}: the stream has a line that is not JSON: ${line.slice(0, 80)}`, {
      cause,
    });
  }
}

function statusCodeOf(object: object): number {
  return "code" in object && typeof object.code === "number" ? object.code : 500;
}

import type { Readable } from "node:stream";

/** The lines of a stream. Ends with the stream, also when the connection breaks off. */
export async function* readLines(stream: Readable): AsyncGenerator<string> {
  let rest = "";
  stream.setEncoding("utf8");
  // A connection that breaks off ends the lines like one that closes: the caller connects again either way.
  stream.on("error", () => undefined);
  for await (const chunk of stream.iterator({ destroyOnReturn: true })) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") yield line;
  }
}

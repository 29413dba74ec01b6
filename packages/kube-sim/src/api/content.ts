import { notAcceptable } from "./status.ts";

/** How a client wants to read objects: as they are, as table rows, or metadata only. */
export type Rendering = "object" | "table" | "metadata";

/** What a client may accept to get JSON. */
const readable = new Set(["application/json", "*/*", "application/*"]);

/** Picks the first rendering of an Accept header that this server has. Throws 406 when there is none. */
export function renderingFor(accept: string | undefined): Rendering {
  if (!accept) return "object";
  for (const part of accept.split(",")) {
    const parameters = new Map(
      part
        .split(";")
        .slice(1)
        .map((parameter): [string, string] => {
          const [key = "", value = ""] = parameter.trim().split("=");
          return [key, value];
        }),
    );
    const type = part.split(";")[0]?.trim();
    const json = readable.has(type ?? "");
    const as = parameters.get("as");
    if (!json || (as !== undefined && parameters.get("g") !== "meta.k8s.io")) continue;
    if (as === undefined) return "object";
    if (as === "Table" && parameters.get("v") === "v1") return "table";
    if (as.startsWith("PartialObjectMetadata") && parameters.get("v") === "v1") return "metadata";
  }
  throw notAcceptable();
}

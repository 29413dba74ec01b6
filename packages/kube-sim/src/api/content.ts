/** How a client wants to read objects: as they are, as table rows, or metadata only. */
export type Rendering = "object" | "table" | "metadata";

/** Picks the first rendering of an Accept header that this server has. */
export function renderingFor(accept: string | undefined): Rendering {
  for (const part of (accept ?? "").split(",")) {
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
    const json = type === "application/json" || type === "*/*" || type === "application/*";
    const as = parameters.get("as");
    if (!json || (as !== undefined && parameters.get("g") !== "meta.k8s.io")) continue;
    if (as === undefined) return "object";
    if (as === "Table" && parameters.get("v") === "v1") return "table";
    if (as.startsWith("PartialObjectMetadata") && parameters.get("v") === "v1") return "metadata";
  }
  return "object";
}

// What a VirtualService was before a Canary took it over, kept in its annotations.
import { isRecord } from "../../workloads/record.ts";
import type { VirtualService, VirtualServiceSpec } from "./objects.ts";

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";
const original = "flagger.kubernetes.io/original-configuration";

/** Of the annotations of one that the Canary made, those that it does not take away. */
export function keptAnnotations(annotations: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => key === lastApplied || key === original));
}

/** The annotations with the spec as it is found, unless an earlier one is there already. */
export function rememberingOriginal(annotations: Record<string, string>, live: VirtualService): Record<string, string> {
  return originalSpec(live) === undefined ? { ...annotations, [original]: JSON.stringify(live.spec) } : annotations;
}

/** The VirtualService as it was; undefined when nothing tells or nothing differs. Metadata stays, but for the memory itself. */
export function revertedVirtualService(live: VirtualService): VirtualService | undefined {
  const spec = originalSpec(live);
  if (spec === undefined) return undefined;
  const { [original]: _, ...annotations } = live.metadata.annotations ?? {};
  return { ...live, metadata: { ...live.metadata, annotations }, spec };
}

/** From what kubectl applied, else from what was found at the takeover. Unreadable ones tell nothing: a deletion must not stop there. */
function originalSpec({ metadata }: VirtualService): VirtualServiceSpec | undefined {
  const applied = jsonOf(metadata.annotations?.[lastApplied]);
  return specOf(isRecord(applied) ? applied.spec : undefined) ?? specOf(jsonOf(metadata.annotations?.[original]));
}

function specOf(value: unknown): VirtualServiceSpec | undefined {
  return isRecord(value) && Object.keys(value).length > 0 ? value : undefined;
}

function jsonOf(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

import { parseFeatureFlagUri } from "@burgee/flag-sync/kubernetes";

/** What a subscriber asks for. */
export type ProxySelector =
  | { readonly kind: "featureFlag"; readonly namespace: string; readonly name: string }
  | { readonly kind: "file"; readonly path: string };

const featureFlagPrefix = "core.openfeature.dev/";

/** Reads `core.openfeature.dev/namespace/name` or `file:path`, with upstream's messages for everything else. */
export function parseProxySelector(
  selector: string,
  o: { readonly allowFiles: boolean },
): ProxySelector | { readonly problem: string } {
  if (selector.startsWith(featureFlagPrefix)) {
    const ref = parseFeatureFlagUri(selector.slice(featureFlagPrefix.length));
    return "problem" in ref
      ? { problem: `unable to parse uri ${selector}: ${ref.problem}` }
      : { kind: "featureFlag", ...ref };
  }
  if (selector.startsWith("file:")) {
    if (!o.allowFiles)
      return { problem: `file selectors are switched off: ${selector}; --allow-file-selectors turns them on` };
    return { kind: "file", path: selector.slice("file:".length) };
  }
  return { problem: `unrecognized URI: ${selector}, expected core.openfeature.dev/<namespace>/<crdName>` };
}

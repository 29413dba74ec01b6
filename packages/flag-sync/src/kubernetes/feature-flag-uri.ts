/** The two parts of `namespace/name`, or what is wrong with it. */
export function parseFeatureFlagUri(uri: string): { namespace: string; name: string } | { problem: string } {
  const [namespace = "", name = "", ...rest] = uri.split("/");
  if (namespace !== "" && name !== "" && rest.length === 0) return { namespace, name };
  return { problem: `invalid resource uri format, expected <namespace>/<crdName> but got: ${uri}` };
}

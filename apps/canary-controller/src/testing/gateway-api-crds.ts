// Gateway API kinds as far as the controller's tests need them: any spec is kept.
const open = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

const kind = (plural: string, name: string, versions: readonly string[]) => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${plural}.gateway.networking.k8s.io` },
  spec: {
    group: "gateway.networking.k8s.io",
    names: { kind: name, listKind: `${name}List`, plural, singular: name.toLowerCase() },
    scope: "Namespaced",
    versions: versions.map((version, i) => ({
      name: version,
      served: true,
      storage: i === 0,
      subresources: { status: {} },
      schema: { openAPIV3Schema: { type: "object", properties: { spec: open, status: open } } },
    })),
  },
});

/** HTTPRoute (v1 and v1beta1) and Gateway. */
export const gatewayApiCrds = [kind("httproutes", "HTTPRoute", ["v1", "v1beta1"]), kind("gateways", "Gateway", ["v1"])];

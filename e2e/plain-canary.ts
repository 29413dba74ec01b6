/** A Deployment whose pods are ready at once, and the Canary of it. */
export function plainCanary(name: string, { namespace, analysis }: { namespace: string; analysis: object }): object[] {
  const labels = { app: name };
  const ready = { "sim.burgee.dev/ready-after": "10ms" };
  const containers = [{ name: "app", image: "example.com/web:v1", ports: [{ containerPort: 80 }] }];
  const template = { metadata: { labels, annotations: ready }, spec: { containers } };
  return [
    {
      ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace, labels } },
      spec: { replicas: 1, selector: { matchLabels: labels }, template },
    },
    {
      ...{ apiVersion: "flagger.app/v1beta1", kind: "Canary", metadata: { name, namespace } },
      spec: {
        provider: "gatewayapi:v1",
        targetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
        service: { port: 80, gatewayRefs: [{ name: "gateway" }] },
        analysis,
      },
    },
  ];
}

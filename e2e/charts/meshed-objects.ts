// A workload in a mesh, whose routes the controller makes and changes.

/** Another mode is another policy of its DestinationRules, and another host of its VirtualService. */
export function meshedObjects(mode: "DISABLE" | "ISTIO_MUTUAL"): object[] {
  const metadata = { name: "meshed", namespace: "default" };
  const labels = { app: "meshed" };
  const template = { metadata: { labels }, spec: { containers: [{ name: "app", image: "meshed:1" }] } };
  const hosts = [`${mode === "DISABLE" ? "plain" : "mutual"}.example.com`];
  return [
    { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: { selector: { matchLabels: labels }, template } },
    {
      apiVersion: "flagger.app/v1beta1",
      kind: "Canary",
      metadata,
      spec: {
        provider: "istio",
        targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "meshed" },
        service: { port: 80, hosts, trafficPolicy: { tls: { mode } } },
        analysis: { interval: "1s", threshold: 10, stepWeight: 50, maxWeight: 50 },
      },
    },
  ];
}

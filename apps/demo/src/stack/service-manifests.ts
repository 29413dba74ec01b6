import { commandOf, namespace, type Service, type Surroundings, servicePort, servicesIn } from "./services.ts";

/** A Deployment and a Service for each service of Burgee, its pods bound to the built apps of this checkout. */
export function serviceManifests(surroundings: Surroundings): object[] {
  return servicesIn(surroundings).flatMap((service) => [deployment(service, surroundings), serviceObject(service)]);
}

function deployment(service: Service, surroundings: Surroundings): object {
  const { name, ports } = service;
  const command = JSON.stringify(commandOf(service, surroundings));
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      replicas: 1,
      // One at a time, as the services' own charts do where a lease decides who acts.
      strategy: { type: "Recreate" },
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name }, annotations: { "sim.burgee.dev/command": command } },
        spec: {
          containers: [
            {
              name,
              image: `burgee/${name}`,
              ports: Object.entries(ports).map(([port, containerPort]) => ({ name: port, containerPort })),
              readinessProbe: { httpGet: { path: "/readyz", port: "management" }, periodSeconds: 1 },
            },
          ],
        },
      },
    },
  };
}

function serviceObject(service: Service): object {
  const { name, ports } = service;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      selector: { app: name },
      ports: Object.keys(ports).map((port) => ({ name: port, port: servicePort(service, port), targetPort: port })),
    },
  };
}

/** A Service for something on this machine: without a selector, its address is in the EndpointSlice. `ports` are real. */
export function localService(
  name: string,
  ports: Readonly<Record<string, { port: number; servicePort: number }>>,
): object[] {
  const metadata = { name, namespace };
  const named = Object.entries(ports);
  return [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { ports: named.map(([port, { servicePort }]) => ({ name: port, port: servicePort })) },
    },
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { ...metadata, labels: { "kubernetes.io/service-name": name } },
      addressType: "IPv4",
      ports: named.map(([port, real]) => ({ name: port, port: real.port, protocol: "TCP" })),
      endpoints: [{ addresses: ["127.0.0.1"], conditions: { ready: true } }],
    },
  ];
}

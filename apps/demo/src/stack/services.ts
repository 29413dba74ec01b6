/** What every service needs to know about the stack it runs in. */
export interface Surroundings {
  /** How a service finds the Kubernetes API, as arguments. */
  readonly kubeArgs: readonly string[];
  readonly proxyUrl: string;
  readonly redisUrl: string;
  readonly prometheusUrl: string;
  readonly tokenFile: string;
  readonly hookToken: string;
  readonly verdictKey: string;
}

/** One service of Burgee as the demo runs it. */
interface Service {
  readonly name: string;
  readonly args: readonly string[];
  /** Container ports by name; the first one but `management` is also what the Service listens on. */
  readonly ports: Readonly<Record<string, number>>;
  /** Port of the Service for each named port, where it differs. */
  readonly servicePorts?: Readonly<Record<string, number>>;
}

export const namespace = "burgee-system";

function servicesIn(s: Surroundings): readonly Service[] {
  const kube = s.kubeArgs;
  const bus = ["--redis-url-file", s.redisUrl];
  const flags = {
    uri: `flagd-proxy.${namespace}:8015`,
    provider: "grpc",
    selector: "core.openfeature.dev/shop/shop-flags",
  };
  const own = ["admin-api", "loadtester"].map((name) => `${name}.${namespace}`).join(",");
  return [
    {
      name: "flagd",
      args: ["start", "--port", "{port:evaluation}", "--sources", JSON.stringify([flags])],
      ports: { evaluation: 8013, management: 8014 },
    },
    {
      name: "flagd-proxy",
      args: ["start", "--port", "{port:sync}", ...kube, ...bus],
      ports: { sync: 8015, management: 8016 },
    },
    {
      name: "canary-controller",
      args: [
        ...kube,
        ...bus,
        "--min-interval",
        "1s",
        "--hook-token-file",
        s.hookToken,
        "--own-services",
        own,
        "--verdict-key-file",
        s.verdictKey,
      ],
      ports: { management: 8080 },
    },
    {
      name: "metrics-analyzer",
      args: [...kube, ...bus, "--metrics-server", s.prometheusUrl, "--verdict-key-file", s.verdictKey],
      ports: { management: 8083 },
    },
    { name: "alert-dispatcher", args: [...kube, ...bus], ports: { management: 8084 } },
    {
      name: "admin-api",
      args: [
        ...kube,
        ...bus,
        "--port",
        "{port:http}",
        "--auth",
        "tokens",
        "--token-file",
        s.tokenFile,
        "--hook-token-file",
        s.hookToken,
      ],
      ports: { http: 8090, management: 8091 },
      servicePorts: { http: 80 },
    },
    {
      name: "loadtester",
      args: ["--port", "{port:http}"],
      ports: { http: 8080, management: 8081 },
      servicePorts: { http: 80 },
    },
  ];
}

/** Names of the Deployments, in the order in which they start. */
export function serviceNames(surroundings: Surroundings): readonly string[] {
  return servicesIn(surroundings).map(({ name }) => name);
}

/** A Deployment and a Service for each service of Burgee, its pods bound to the built apps of this checkout. */
export function serviceManifests(surroundings: Surroundings): object[] {
  return servicesIn(surroundings).flatMap((service) => [deployment(service, surroundings), serviceObject(service)]);
}

function deployment({ name, args, ports }: Service, { proxyUrl }: Surroundings): object {
  const command = [
    `apps/${name}/bin/${name}`,
    ...args,
    ...["--management-port", "{port:management}", "--outgoing-proxy", proxyUrl],
  ];
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
        metadata: { labels: { app: name }, annotations: { "sim.burgee.dev/command": JSON.stringify(command) } },
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

function serviceObject({ name, ports, servicePorts = {} }: Service): object {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      selector: { app: name },
      ports: Object.entries(ports).map(([port, containerPort]) => ({
        name: port,
        port: servicePorts[port] ?? containerPort,
        targetPort: port,
      })),
    },
  };
}

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
export interface Service {
  readonly name: string;
  readonly args: readonly string[];
  /** Container ports by name; the first one but `management` is also what the Service listens on. */
  readonly ports: Readonly<Record<string, number>>;
  /** Port of the Service for each named port, where it differs. */
  readonly servicePorts?: Readonly<Record<string, number>>;
}

export const namespace = "burgee-system";

/** The services in the order in which they start. `{port:NAME}` in arguments stands for the real port of that name. */
export function servicesIn(s: Surroundings): readonly Service[] {
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
      args: [
        ...["start", "--port", "{port:evaluation}", "--sync-port", "{port:sync}"],
        ...["--ofrep-port", "{port:ofrep}"],
        ...["--sources", JSON.stringify([flags])],
      ],
      ports: { evaluation: 8013, management: 8014, sync: 8015, ofrep: 8016 },
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

/** What starts a service, from the checkout. */
export function commandOf({ name, args }: Service, { proxyUrl }: Surroundings): readonly [string, ...string[]] {
  return [`apps/${name}/bin/${name}`, ...args, "--management-port", "{port:management}", "--outgoing-proxy", proxyUrl];
}

/** Port of a service's Service for one of its ports. */
export function servicePort({ ports, servicePorts = {} }: Service, port: string): number {
  return servicePorts[port] ?? ports[port] ?? 0;
}

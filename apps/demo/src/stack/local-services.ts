import { join } from "node:path";
import { freePort } from "@burgee/kube-sim";
import type { Logger } from "@burgee/service-kit";
import { answersOk } from "./answers.ts";
import { localService } from "./service-manifests.ts";
import { commandOf, namespace, type Service, type Surroundings, servicePort, servicesIn } from "./services.ts";
import { type Supervised, supervise } from "./supervise.ts";

/** The services as processes of this machine that belong to no pod. */
export interface LocalServices {
  /** What makes them known to each other by name. */
  readonly manifests: readonly object[];
  /** Whether all of them are ready. */
  ready(): Promise<boolean>;
  stop(): Promise<void>;
}

/** Starts every service of Burgee beside a cluster instead of in it: its nodes know nothing of this checkout. */
export async function startLocalServices(
  surroundings: Surroundings,
  o: { root: string; path: string; logs: string; log: Logger },
): Promise<LocalServices> {
  const running: { service: Service; ports: Map<string, number>; process: Supervised }[] = [];
  for (const service of servicesIn(surroundings)) {
    const ports = new Map<string, number>();
    for (const port of Object.keys(service.ports)) ports.set(port, await freePort());
    const [file, ...args] = commandOf(service, surroundings);
    const process = supervise(
      service.name,
      {
        command: [join(o.root, file), ...args.map((arg) => withPorts(arg, ports))],
        env: { PATH: o.path, HOME: o.logs, POD_NAMESPACE: namespace, POD_NAME: service.name },
        cwd: o.root,
        logFile: join(o.logs, `${service.name}.log`),
      },
      o.log,
    );
    running.push({ service, ports, process });
  }
  return {
    manifests: running.flatMap(({ service, ports }) =>
      localService(
        service.name,
        Object.fromEntries([...ports].map(([name, port]) => [name, { port, servicePort: servicePort(service, name) }])),
      ),
    ),
    async ready() {
      const answers = running.map(({ ports }) => answersOk(`http://127.0.0.1:${ports.get("management")}/readyz`));
      return (await Promise.all(answers)).every((ok) => ok);
    },
    stop: async () => {
      await Promise.all(running.map(({ process }) => process.stop()));
    },
  };
}

function withPorts(text: string, ports: ReadonlyMap<string, number>): string {
  return text.replace(/\{port:([^}]+)\}/g, (whole, name: string) => String(ports.get(name) ?? whole));
}

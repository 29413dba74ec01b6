import { join } from "node:path";
import { createKubeClient } from "@burgee/kube";
import { startKubeSim } from "@burgee/kube-sim";
import { namespace } from "../stack/services.ts";
import type { Stage, StageOptions } from "./stage.ts";

/** A simulated Kubernetes API on this machine, with everything that a cluster has around it. */
export async function startSimulatedStage(o: StageOptions): Promise<Stage> {
  const sim = await startKubeSim({
    log: o.log,
    crds: [join(o.root, "deploy/crds")],
    kubelet: { cwd: o.root, env: { PATH: o.path }, logDir: o.logs },
    gateway: {},
    prometheusTargetsFile: o.targets,
  });
  const kubeconfig = join(o.folder, "kubeconfig");
  await sim.writeKubeconfig(kubeconfig);
  const kube = createKubeClient({ server: sim.url, log: o.log, userAgent: "burgee-demo" });
  await sim.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  return {
    server: sim.url,
    kube,
    kubeconfig,
    kubeArgs: ["--kube-server", sim.url],
    runsPods: true,
    proxyUrl: sim.proxyUrl,
    gatewayAddress: (namespace, name) => sim.gatewayAddress(namespace, name),
    apply: (...manifests) => sim.apply(...manifests),
    get requests() {
      return sim.requests.log;
    },
    stop: async () => {
      await kube.close();
      await sim.stop();
    },
  };
}

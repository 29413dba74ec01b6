/** How the simulated kubelet runs pods. */
export interface KubeletOptions {
  /** Name of its Node; default `kube-sim`. */
  nodeName?: string;
  /** More Nodes that it stands for; pods are spread over all of them. */
  moreNodes?: readonly NodeTraits[];
  /** Where commands run and relative paths start; default: the current directory. */
  cwd?: string;
  /** Variables every command gets besides PATH, HOME and the pod's own. */
  env?: Readonly<Record<string, string>>;
  /** A folder for one log file per container, `NAMESPACE_POD_CONTAINER.log`; default: none are written. */
  logDir?: string;
  /** How long pods without a command take to become ready, in milliseconds; default 100. */
  readyAfterMs?: number;
  /** How often a pod that is not yet ready is probed, in milliseconds; default 100, at most the probe's own period. */
  eagerProbeMs?: number;
  /** First delay before a crashed container is started again, in milliseconds; doubles up to 40 times that; default 250. */
  restartDelayMs?: number;
  /**
   * Time between a pod's deletion and its SIGTERM, in milliseconds, so that traffic has gone elsewhere by then; default
   * 200. A preStop sleep does this in a real cluster.
   */
  drainMs?: number;
  /** Where the volumes of pods are; default: a folder of its own that goes with it. */
  volumesDir?: string;
}

/** A simulated node. */
export interface NodeTraits {
  name: string;
  labels?: Readonly<Record<string, string>>;
}

/** The options with their defaults, and what the simulator adds. */
export interface KubeletSettings extends Required<Omit<KubeletOptions, "logDir" | "volumesDir">> {
  logDir: string | undefined;
  volumesDir: string | undefined;
  /** Forward proxy that pods get as their HTTP_PROXY. */
  proxyUrl: string | undefined;
}

export function kubeletSettings(options: KubeletOptions, proxyUrl: string | undefined): KubeletSettings {
  return {
    nodeName: options.nodeName ?? "kube-sim",
    moreNodes: options.moreNodes ?? [],
    cwd: options.cwd ?? process.cwd(),
    env: options.env ?? {},
    logDir: options.logDir,
    volumesDir: options.volumesDir,
    readyAfterMs: options.readyAfterMs ?? 100,
    eagerProbeMs: options.eagerProbeMs ?? 100,
    restartDelayMs: options.restartDelayMs ?? 250,
    drainMs: options.drainMs ?? 200,
    proxyUrl,
  };
}

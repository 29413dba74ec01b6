/** How the simulated kubelet runs pods. */
export interface KubeletOptions {
  /** Name of its Node; default `kube-sim`. */
  nodeName?: string;
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
}

/** The options with their defaults, and what the simulator adds. */
export interface KubeletSettings extends Required<Omit<KubeletOptions, "logDir">> {
  logDir: string | undefined;
  /** Forward proxy that pods get as their HTTP_PROXY. */
  proxyUrl: string | undefined;
}

export function kubeletSettings(options: KubeletOptions, proxyUrl: string | undefined): KubeletSettings {
  return {
    nodeName: options.nodeName ?? "kube-sim",
    cwd: options.cwd ?? process.cwd(),
    env: options.env ?? {},
    logDir: options.logDir,
    readyAfterMs: options.readyAfterMs ?? 100,
    eagerProbeMs: options.eagerProbeMs ?? 100,
    restartDelayMs: options.restartDelayMs ?? 250,
    drainMs: options.drainMs ?? 200,
    proxyUrl,
  };
}

import type { KubeClient } from "@burgee/kube";
import type { Manifest, RequestRecord } from "@burgee/kube-sim";
import type { Logger } from "@burgee/service-kit";

/** The Kubernetes that the demo plays on. */
export interface Stage {
  /** Address of the API, for people. */
  readonly server: string;
  /** A client of the demo itself. */
  readonly kube: KubeClient;
  /** File with which kubectl and the services reach the API. */
  readonly kubeconfig: string;
  /** How the services find the API, as arguments. */
  readonly kubeArgs: readonly string[];
  /** Whether pods become processes of this machine; else nothing of the demo runs in the cluster. */
  readonly runsPods: boolean;
  /** Forward proxy that reaches Services by their names. */
  readonly proxyUrl: string;
  gatewayAddress(namespace: string, name: string): { host: string; port: number } | undefined;
  apply(...manifests: Manifest[]): Promise<void>;
  /** What the API was asked, oldest first; a real one does not tell. */
  readonly requests?: readonly RequestRecord[];
  stop(): Promise<void>;
}

/** What every stage needs. */
export interface StageOptions {
  /** For the kubeconfig. */
  readonly folder: string;
  /** For one log file per container. */
  readonly logs: string;
  /** The checkout, where the commands of pods start. */
  readonly root: string;
  /** PATH of the commands. */
  readonly path: string;
  /** File that lists what Prometheus is to scrape. */
  readonly targets: string;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly onStep: (text: string) => void;
}

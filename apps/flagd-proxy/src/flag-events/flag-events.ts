import { type BusConfig, createServiceBus } from "@burgee/event-bus";
import { featureFlags, flagOverrides } from "@burgee/flag-sync/kubernetes";
import { createEventRecorder, createInformer, createShardLeases, type KubeClient } from "@burgee/kube";
import type { Kit, Part } from "@burgee/service-kit";
import type { ProxyMetrics } from "../metrics.ts";
import { createChangePublisher } from "./publish-changes.ts";
import { reportMalformed } from "./report-malformed.ts";
import { trackChanges } from "./track-changes.ts";

/** What the publishing of changes needs of the process. */
export interface FlagEventsOptions {
  readonly kit: Kit;
  readonly client: KubeClient;
  readonly metrics: ProxyMetrics;
  /** Unique per process: holder of the lease. */
  readonly identity: string;
  readonly config: BusConfig & {
    /** Empty: all. */
    readonly namespace: string;
    /** Where the lease is. */
    readonly podNamespace: string;
    /** Milliseconds until a dead holder has lost it. */
    readonly leaseDuration: number;
  };
}

/** The parts that put every change of served flags on the stream `flag.events`, in one replica at a time. Flags are served without them. */
export function flagEvents({ kit, client, metrics, identity, config }: FlagEventsOptions): Part[] {
  const { log, clock } = kit;
  const bus = createServiceBus(config, kit, { optional: true });
  const leases = createShardLeases(client, {
    namespace: config.podNamespace,
    name: "flagd-proxy",
    identity,
    leaseDurationMs: config.leaseDuration,
    renewMs: config.leaseDuration / 7,
    log,
    clock,
  });
  const holds = () => leases.held().length > 0;
  const publisher = createChangePublisher({ bus, holds, clock, log, metrics });
  leases.onChange(publisher.wake);
  const scope = { namespace: config.namespace === "" ? undefined : config.namespace, log };
  const flags = createInformer(client, featureFlags, scope);
  const overrides = createInformer(client, flagOverrides, scope);
  const recorder = createEventRecorder(client, { component: "flagd-proxy", log });
  const malformed = reportMalformed({ flags, recorder, holds, log });
  leases.onChange(malformed.look);
  return [
    { name: "bus", stop: () => bus.close() },
    recorder,
    publisher,
    leases,
    trackChanges({ flags, overrides, clock, onChange: publisher.add }),
    malformed,
    flags,
    overrides,
  ];
}

import type { Canary, FeatureFlag, FlagOverride } from "@burgee/contracts/crd";
import type { EventBus } from "@burgee/event-bus";
import type { Informer, KubeClient } from "@burgee/kube";
import type { Clock, Logger } from "@burgee/service-kit";
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";
import { ApiProblem } from "./api-problem.ts";
import type { Audit } from "./audit.ts";
import type { Guard } from "./auth/guard.ts";
import type { AdminMetrics } from "./metrics.ts";
import type { LiveTimeline } from "./timeline/live-timeline.ts";
import type { TypeBoxProvider } from "./validate.ts";

/** What the routes work with. */
export interface AdminContext {
  client: KubeClient;
  canaries: Informer<Canary>;
  featureFlags: Informer<FeatureFlag>;
  flagOverrides: Informer<FlagOverride>;
  bus: EventBus;
  live: LiveTimeline;
  guard: Guard;
  audit: Audit;
  metrics: AdminMetrics;
  log: Logger;
  clock: Clock;
  /** Between two signs of life on an event stream without events. */
  heartbeatMs: number;
}

/** fastify with our schemas' types. */
export type AdminServer = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression<RawServerDefault>,
  RawReplyDefaultExpression<RawServerDefault>,
  FastifyBaseLogger,
  TypeBoxProvider
>;

/** The objects an informer holds; throws while it has not seen any yet. */
export function listed<T extends { metadata: { name: string } }>(informer: Informer<T>): T[] {
  if (informer.state() !== "syncing" && informer.hasSynced()) return informer.list();
  throw new ApiProblem("unavailable", "the objects have not been read from the Kubernetes API yet; try again", {
    retryAfterSeconds: 1,
  });
}

import { createMemoryBus } from "@burgee/event-bus";
import { createEventRecorder, createInformer, createKubeClient } from "@burgee/kube";
import { createLogger, createMetrics, systemClock } from "@burgee/service-kit";
import { stringify } from "yaml";
import { createAudit } from "./audit.ts";
import { createGuard } from "./auth/guard.ts";
import { trustLoopback } from "./auth/loopback.ts";
import { createServer } from "./create-server.ts";
import { kinds } from "./kinds.ts";
import { createAdminMetrics } from "./metrics.ts";
import { createLiveTimeline } from "./timeline/live-timeline.ts";

/** The API's description as YAML. Makes the server only to ask it: nothing is started or called. */
export async function openApiYaml(): Promise<string> {
  const log = createLogger({ name: "openapi", level: "error" });
  const client = createKubeClient({ server: "http://127.0.0.1:1", log });
  const bus = createMemoryBus({ log });
  const app = await createServer({
    ...{ client, bus, log, clock: systemClock },
    canaries: createInformer(client, kinds.canaries, { log }),
    featureFlags: createInformer(client, kinds.featureFlags, { log }),
    flagOverrides: createInformer(client, kinds.flagOverrides, { log }),
    live: createLiveTimeline(bus, log),
    guard: createGuard(trustLoopback()),
    audit: createAudit({ log, recorder: createEventRecorder(client, { component: "openapi", log }) }),
    metrics: createAdminMetrics(createMetrics()),
    heartbeatMs: 15_000,
  });
  const document = app.swagger();
  await app.close();
  await bus.close();
  const header = "# Generated from the route schemas by `npm run generate`. Do not edit.\n";
  return header + stringify(document, { lineWidth: 120, aliasDuplicateObjects: false });
}

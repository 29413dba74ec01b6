// A process that holds a lease and writes as long as it may: `lease-holder.ts URL IDENTITY`. For tests that pause it.
import { createLogger } from "@burgee/service-kit";
import { createKubeClient, createShardLeases, isKubeError, resources } from "../index.ts";
import { pausedProcessLease, writtenByAll } from "./paused-process-lease.ts";

const [, , server = "", identity = ""] = process.argv;
const log = createLogger({ name: identity, level: "warn" });
const client = createKubeClient({ server, log, userAgent: identity });
const leases = createShardLeases(client, { ...pausedProcessLease, identity, log });
const guarded = client.guarded(() => leases.ownedForMs("shop/web"));

/** What cannot be written, for want of time or because another has written it, is read again. */
async function writeForEver(): Promise<never> {
  for (;;) {
    const object = await client.get(resources.configMaps, writtenByAll);
    await guarded.replace(resources.configMaps, { ...object, data: { by: identity } }).catch((err: unknown) => {
      if (!isKubeError(err, "fenced", "conflict")) throw err;
    });
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
leases.start(new AbortController().signal);
await writeForEver();

// A process that holds a lease and writes as long as it may: `lease-holder.ts URL IDENTITY`. For tests that pause it.
import { createLogger } from "@burgee/service-kit";
import { createKubeClient, createShardLeases, isKubeError, resources } from "../index.ts";
import { pausedProcessLease } from "./paused-process-lease.ts";

const [, , server = "", identity = ""] = process.argv;
const log = createLogger({ name: identity, level: "warn" });
const client = createKubeClient({ server, log, userAgent: identity });
const leases = createShardLeases(client, { ...pausedProcessLease, identity, log });
const guarded = client.guarded(() => leases.ownedForMs("shop/web"));

let written = 0;
async function writeForEver(): Promise<never> {
  for (;;) {
    const object = { metadata: { name: `${identity}-${written}`, namespace: "shop" } };
    await guarded.create(resources.configMaps, object).then(
      () => {
        written += 1;
      },
      (err: unknown) => {
        if (!isKubeError(err, "fenced")) throw err;
      },
    );
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
leases.start(new AbortController().signal);
await writeForEver();

import type { Alert } from "../alert.ts";
import type { AlertProviderType } from "./provider.ts";

/** Any HTTP endpoint that takes JSON: everything that is known about the alert. Ours; upstream has none. */
export const webhook: AlertProviderType = {
  rate: { burst: 20, intervalMs: 100 },
  post: (alert, receiver) => ({
    url: receiver.address.reveal(),
    ...(receiver.token === undefined ? {} : { headers: { authorization: `Bearer ${receiver.token.reveal()}` } }),
    body: {
      version: "v1",
      id: alert.id,
      severity: alert.severity,
      status: statusOf(alert),
      phase: alert.phase,
      name: alert.name,
      namespace: alert.namespace,
      message: alert.message,
      fields: alert.fields,
      cluster: alert.fields.find(({ name }) => name === "Cluster")?.value ?? "",
      checksum: alert.revision,
      metadata: alert.metadata,
      timestamp: new Date(alert.at).toISOString(),
    },
  }),
};

/** `WaitingPromotion` is `waiting` as well: the status says how it goes, the phase where it is. */
function statusOf({ phase }: Alert): string {
  return phase.startsWith("Waiting") ? "waiting" : phase.toLowerCase();
}

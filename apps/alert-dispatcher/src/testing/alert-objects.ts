/** An AlertProvider. */
export const provider = (name: string, spec: object, namespace = "test") => ({
  apiVersion: "flagger.app/v1beta1",
  kind: "AlertProvider",
  metadata: { name, namespace },
  spec,
});

/** A Secret of the namespace `test` with these texts. */
export const secret = (name: string, data: Record<string, string>) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace: "test" },
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString("base64")])),
});

/** A route of an alert to an AlertProvider, in the namespace of the canary unless told otherwise. */
export const route = (providerName: string, o: { severity?: string; namespace?: string } = {}) => ({
  name: providerName,
  severity: o.severity ?? "info",
  providerName,
  providerNamespace: o.namespace ?? "",
});

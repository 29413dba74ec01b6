import type { JsonObject } from "../api/json.ts";

/** Collections of the objects below. */
export const maps = "/api/v1/namespaces/default/configmaps";
export const deployments = "/apis/apps/v1/namespaces/default/deployments";

let count = 0;
/** A name that no other object of the test file has. */
export const fresh = (): string => `t${++count}`;

export const configMap = (name: string, data: JsonObject = { a: "1" }) => ({ metadata: { name }, data });

/** A Deployment of one container with one port. */
export const deployment = (name: string) => ({
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "app", image: "app:1", ports: [{ containerPort: 80 }] }] },
    },
  },
});

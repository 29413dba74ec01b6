import { afterAll, expect, test } from "vitest";
import { ApiClient } from "../client/api-client.ts";
import { stringAt } from "../api/json.ts";
import { bare, simulated } from "../testing/suite.ts";
import { startKubeSim } from "../sim.ts";

const clients: ApiClient[] = [];

/** A client with this token; without one it is nobody. */
function as(token?: string): ApiClient {
  const client = new ApiClient({
    ...{ server: sim.url, userAgent: "gate-test/1" },
    ...(token !== undefined && { token }),
    ...(sim.ca !== undefined && { ca: sim.ca }),
  });
  clients.push(client);
  return client;
}

const users = [{ username: "jane", token: "token-of-jane" }];
const { sim } = await simulated({ rbac: true, users, gatewayApi: false });

afterAll(() => {
  for (const client of clients) client.close();
});

test("the kubeconfig carries the authority and a context for every user", () => {
  const text = sim.kubeconfig();
  expect(text).toContain(Buffer.from(sim.ca ?? "").toString("base64"));
  expect(text).toMatch(/current-context: kube-sim/);
  expect(text).toContain("token: token-of-jane");
});

test("a certificate of another authority is not trusted", async () => {
  const stranger = new ApiClient({ server: sim.url, userAgent: "gate-test/1" });
  await expect(stranger.call("GET", "/version")).rejects.toThrow(/self-signed|unable to verify/i);
  stranger.close();
});

test("the log of requests knows who made them", async () => {
  sim.requests.clear();
  await as("token-of-jane").call("GET", "/version");
  await as().call("GET", "/version");
  await expect(as("nobodys").call("GET", "/version")).rejects.toMatchObject({ status: 401 });
  expect(sim.requests.log.map(({ user, status }) => [user, status])).toEqual([
    ["jane", 200],
    ["system:anonymous", 200],
    ["", 401],
  ]);
});

test("the simulator's own parts work where roles count", async () => {
  await sim.apply(`
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web }, annotations: { sim.burgee.dev/ready-after: 0ms } }
    spec: { containers: [{ name: app, image: "web:1" }] }
`);
  const admin = as(sim.token);
  const path = "/apis/apps/v1/namespaces/default/deployments/web";
  await expect
    .poll(async () => (await admin.call("GET", path)).status, { timeout: 5000 })
    .toMatchObject({
      availableReplicas: 1,
    });
});

test("cluster roles that are made of others follow them", async () => {
  const admin = as(sim.token);
  const roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
  await admin.call("POST", roles, {
    body: {
      metadata: { name: "canaries-viewer", labels: { "rbac.authorization.k8s.io/aggregate-to-view": "true" } },
      rules: [{ apiGroups: ["flagger.app"], resources: ["canaries"], verbs: ["get"] }],
    },
  });
  for (const name of ["view", "edit", "admin"]) {
    await expect.poll(async () => JSON.stringify(await admin.call("GET", `${roles}/${name}`))).toContain("canaries");
  }
});

test("without roles a token of a service account says who it is and lets everything be done", async () => {
  const open = await startKubeSim(bare);
  const setup = new ApiClient({ server: open.url, userAgent: "gate-test/1" });
  const accounts = "/api/v1/namespaces/default/serviceaccounts";
  await setup.call("POST", accounts, { body: { metadata: { name: "robot" } } });
  const token = stringAt(await setup.call("POST", `${accounts}/robot/token`, { body: {} }), "status", "token") ?? "";
  const robot = new ApiClient({ server: open.url, userAgent: "gate-test/1", token });
  await robot.call("GET", "/api/v1/secrets");
  expect(open.requests.log.at(-1)?.user).toBe("system:serviceaccount:default:robot");
  for (const client of [setup, robot]) client.close();
  await open.stop();
});

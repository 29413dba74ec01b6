import { join } from "node:path";
import { createCertificateAuthority } from "@burgee/kube-sim";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type KubectlSession, root, startKubectlSession } from "./kubectl-session.ts";

let session: KubectlSession;

/** Runs kubectl as a user of the kubeconfig; code, output and complaints. */
const as = (user: string, command: string, input?: string) =>
  session.run(["--context", user, ...command.split(" ")], input);

beforeAll(async () => {
  session = await startKubectlSession({
    rbac: true,
    users: [
      { token: "token-of-jane", username: "jane", groups: ["readers"] },
      { token: "token-of-bob", username: "bob" },
      { username: "carol", groups: ["writers"] },
    ],
    kubelet: { cwd: root },
  });
  await session.kubectl("create namespace shop");
  await session.kubectl("create clusterrolebinding everyone-reads --clusterrole=view --group=readers");
  await session.kubectl("create rolebinding bob-edits --clusterrole=edit --user=bob --namespace=shop");
});

afterAll(() => session.stop());

const questions: Record<string, [user: string, question: string, answer: "yes" | "no"]> = {
  "a reader may read in every namespace": ["jane", "list pods --namespace default", "yes"],
  "a reader may not write": ["jane", "create pods --namespace shop", "no"],
  "a reader may not read secrets": ["jane", "get secrets --namespace shop", "no"],
  "an editor may write in his namespace": ["bob", "create deployments.apps --namespace shop", "yes"],
  "an editor may scale": ["bob", "patch deployments.apps --subresource=scale --namespace shop", "yes"],
  "an editor may do nothing elsewhere": ["bob", "list pods --namespace default", "no"],
  "an editor may not give rights away": ["bob", "create rolebindings --namespace shop", "no"],
  "anybody may read the version": ["bob", "get /version", "yes"],
  "the administrator may do everything": ["kube-sim", "* * --all-namespaces", "yes"],
};

test.each(Object.entries(questions))("kubectl auth can-i: %s", async (_name, [user, question, answer]) => {
  const { stdout, code } = await as(user, `auth can-i ${question}`);
  expect([stdout.trim(), code]).toEqual([answer, answer === "yes" ? 0 : 1]);
});

test("kubectl auth can-i --list shows the rules of a user", async () => {
  const { stdout } = await as("bob", "auth can-i --list --namespace shop");
  expect(stdout).toMatch(/^deployments\.apps +\[\] +\[\] +\[.*patch.*\]$/m);
  expect(stdout).toMatch(/^ +\[\/openapi\/\*\] +\[\] +\[get\]$/m);
});

test("kubectl auth whoami names users by token and by certificate, groups and service accounts", async () => {
  expect(JSON.parse((await as("jane", "auth whoami -o json")).stdout)).toMatchObject({
    status: { userInfo: { username: "jane", groups: ["readers", "system:authenticated"] } },
  });
  expect(JSON.parse((await as("carol", "auth whoami -o json")).stdout)).toMatchObject({
    status: { userInfo: { username: "carol", groups: ["writers", "system:authenticated"] } },
  });
  await session.kubectl("create serviceaccount robot --namespace shop");
  const token = (await session.kubectl("create token robot --namespace shop --duration 20m")).trim();
  const { stdout } = await session.run(["--token", token, "auth", "whoami", "-o", "json"]);
  expect(JSON.parse(stdout)).toMatchObject({ status: { userInfo: { username: "system:serviceaccount:shop:robot" } } });
});

test("kubectl shows who may not do what", async () => {
  const { stderr, code } = await as("jane", "get secrets --namespace shop");
  expect(code).toBe(1);
  expect(stderr).toBe(
    'Error from server (Forbidden): secrets is forbidden: User "jane" cannot list resource "secrets" in API group "" in the namespace "shop"\n',
  );
});

test("kubectl shows that a token is nobody's", async () => {
  const { stderr } = await session.run(["--token", "nobodys", "get", "pods"]);
  expect(stderr).toContain("error: You must be logged in to the server (Unauthorized)");
});

test("kubectl --as asks for somebody else, if it may", async () => {
  expect(await session.kubectl("auth can-i get pods --as jane --as-group readers")).toBe("yes\n");
  const { stderr } = await as("jane", "get pods --as kube-sim-admin");
  expect(stderr).toMatch(/^Error from server \(Forbidden\): .*User "jane" cannot impersonate/);
});

test("a webhook in a pod behind a Service refuses in kubectl's terminal, and warns there", async () => {
  const authority = createCertificateAuthority();
  const { cert, key } = authority.issue({ commonName: "guard", hosts: ["guard.shop.svc"] });
  const labels = { app: "guard" };
  const env = [
    { name: "TLS_CERT", value: cert },
    { name: "TLS_KEY", value: key },
    { name: "PORT", value: "{port}" },
  ];
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...{ name: "guard", namespace: "shop", labels },
      annotations: { "sim.burgee.dev/command": JSON.stringify(["node", join(root, "e2e/guard-webhook.mjs")]) },
    },
    spec: {
      containers: [
        {
          ...{ name: "guard", image: "guard:1", env, ports: [{ containerPort: 8443 }] },
          readinessProbe: { tcpSocket: { port: 8443 }, periodSeconds: 1 },
        },
      ],
    },
  };
  const service = {
    ...{ apiVersion: "v1", kind: "Service", metadata: { name: "guard", namespace: "shop" } },
    spec: { selector: labels, ports: [{ port: 443, targetPort: 8443 }] },
  };
  const configuration = {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: "guard" },
    webhooks: [
      {
        name: "keep.guard.shop",
        rules: [{ apiGroups: [""], apiVersions: ["v1"], resources: ["configmaps"], operations: ["DELETE"] }],
        clientConfig: {
          service: { name: "guard", namespace: "shop" },
          caBundle: Buffer.from(authority.cert).toString("base64"),
        },
        ...{ sideEffects: "None", admissionReviewVersions: ["v1"] },
      },
    ],
  };
  for (const object of [pod, service]) await session.kubectl("apply -f -", JSON.stringify(object));
  await session.kubectl("wait pod/guard --for=condition=Ready --timeout=20s --namespace shop");
  await session.kubectl(
    "wait endpointslice --selector=kubernetes.io/service-name=guard --for=jsonpath={.endpoints[0].conditions.ready}=true --timeout=20s --namespace shop",
  );
  await session.kubectl("apply -f -", JSON.stringify(configuration));
  await session.kubectl("create configmap treasure --namespace shop");
  await session.kubectl("label configmap treasure keep=true --namespace shop");
  const refused = await as("bob", "delete configmap treasure --namespace shop");
  expect(refused.stderr).toBe(
    'Error from server: admission webhook "keep.guard.shop" denied the request: treasure is kept, bob\n',
  );
  await session.kubectl("label configmap treasure keep- --namespace shop");
  const done = await as("bob", "delete configmap treasure --namespace shop");
  expect(done).toMatchObject({ code: 0, stderr: "Warning: the guard looked away\n" });
});

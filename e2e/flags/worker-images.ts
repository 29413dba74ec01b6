// The registry of the queue worker: what its images run on this machine, put into pods on their way to the simulated kubelet.
import { cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Pod } from "@burgee/kube";
import { createCertificateAuthority, type KubeSim } from "@burgee/kube-sim";
import { root } from "../kubectl-session.ts";

const example = join(root, "deploy/examples/queue-worker");
const image = "example.com/worker";

/** What `handle` does in each version: note who had the order; v3 is broken. */
const versions: Record<string, string> = { v1: "", v2: "", v3: 'throw new Error("no such customer");' };

function handler(version: string, failure: string): string {
  return `import { Redis } from "ioredis";
const { QUEUE_URL, BURGEE_RELEASE_ROLE = "canary" } = process.env;
const seen = new Redis(QUEUE_URL);
process.on("SIGTERM", () => seen.quit());
export async function handle(order) {
  await seen.rpush("seen", JSON.stringify({ order, version: "${version}", role: BURGEE_RELEASE_ROLE }));
  ${failure}
}
`;
}

/** Serves the images `example.com/worker:v1` to `:v3`: the example's worker, each with its own `handle.mjs`. */
export async function serveWorkerImages(sim: KubeSim, queueUrl: string): Promise<{ stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "burgee-worker-"));
  await symlink(join(root, "e2e/node_modules"), join(folder, "node_modules"));
  for (const [version, failure] of Object.entries(versions)) {
    await cp(example, join(folder, version), { recursive: true });
    await writeFile(join(folder, version, "handle.mjs"), handler(version, failure));
  }
  const authority = createCertificateAuthority();
  const server = createServer(
    authority.issue({ commonName: "images", hosts: ["127.0.0.1"] }),
    async (request, answer) => {
      const review: { request: { uid: string; object: Pod } } = JSON.parse(await text(request));
      const { uid, object } = review.request;
      const patch = Buffer.from(JSON.stringify(patchOf(object, { folder, queueUrl }))).toString("base64");
      answer.setHeader("content-type", "application/json");
      answer.end(JSON.stringify({ ...review, response: { uid, allowed: true, patchType: "JSONPatch", patch } }));
    },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the images have no port");
  await sim.apply({
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    metadata: { name: "images" },
    webhooks: [
      {
        name: "images.example.com",
        rules: [{ apiGroups: [""], apiVersions: ["v1"], resources: ["pods"], operations: ["CREATE"] }],
        clientConfig: {
          url: `https://127.0.0.1:${address.port}/`,
          caBundle: Buffer.from(authority.cert).toString("base64"),
        },
        ...{ sideEffects: "None", admissionReviewVersions: ["v1"] },
      },
    ],
  });
  return {
    async stop() {
      server.close();
      server.closeAllConnections();
      await rm(folder, { recursive: true });
    },
  };
}

/** The program instead of the image, and the queue of this machine: a cluster's DNS would know `queue`. */
function patchOf({ metadata, spec }: Pod, o: { folder: string; queueUrl: string }): object[] {
  const [container] = spec.containers;
  const [name, version = ""] = container?.image?.split(":") ?? [];
  if (name !== image || !Object.hasOwn(versions, version)) return [];
  const command = JSON.stringify([process.execPath, join(o.folder, version, "worker.mjs")]);
  const env = (container?.env ?? []).map((each) =>
    each.name === "QUEUE_URL" ? { name: each.name, value: o.queueUrl } : each,
  );
  return [
    { op: "add", path: "/metadata/annotations", value: { ...metadata.annotations, "sim.burgee.dev/command": command } },
    { op: "add", path: "/spec/containers/0/env", value: env },
  ];
}

import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TLSSocket } from "node:tls";
import { ConfigError } from "@burgee/service-kit";
import { captureLogger } from "@burgee/service-kit/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { stringify } from "yaml";
import { createKubeClient } from "../create-client.ts";
import { resources } from "../resource.ts";
import { type ScriptedApi, startScriptedApi } from "../testing/scripted-api.ts";
import { resolveClusterAccess } from "./cluster-access.ts";

const testdata = (name: string) => readFileSync(path.join(import.meta.dirname, "../../testdata", name), "utf8");
const base64 = (text: string) => Buffer.from(text).toString("base64");
const { log } = captureLogger();

let dir: string;
let api: ScriptedApi;
beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), "burgee-kubeconfig-"));
  api = await startScriptedApi((call) => call.respond(200, { metadata: { name: "shop" } }));
});
afterEach(async () => {
  rmSync(dir, { recursive: true });
  await api.stop();
});

function write(name: string, text: string): string {
  const file = path.join(dir, name);
  writeFileSync(file, text);
  return file;
}

function kubeconfig(user: object, cluster: object = {}): string {
  return write(
    "config",
    stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "test",
      contexts: [{ name: "test", context: { cluster: "test", user: "me" } }],
      clusters: [{ name: "test", cluster: { server: api.url, ...cluster } }],
      users: [{ name: "me", user }],
    }),
  );
}

async function authorizationSent(file: string): Promise<string | undefined> {
  await createKubeClient({ kubeconfig: file, log }).get(resources.namespaces, { name: "shop" });
  return api.calls.at(-1)?.headers.authorization;
}

/** An exec plugin that counts its runs in a file and prints what it was told about itself. */
function execPlugin(): { command: string; runs: () => number } {
  const file = write(
    "plugin.cjs",
    `#!${process.execPath}
const fs = require("node:fs");
fs.appendFileSync(__dirname + "/runs", "x");
const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
const token = [info.kind, process.env.FLAVOUR, process.argv[2], fs.readFileSync(__dirname + "/runs").length].join("-");
console.log(JSON.stringify({ apiVersion: info.apiVersion, kind: info.kind, status: { token } }));
`,
  );
  chmodSync(file, 0o755);
  return { command: "./plugin.cjs", runs: () => readFileSync(path.join(dir, "runs")).length };
}

describe("credentials of a kubeconfig user", () => {
  test("a token", async () => {
    expect(await authorizationSent(kubeconfig({ token: "t0ken" }))).toBe("Bearer t0ken");
  });
  test("user and password", async () => {
    expect(await authorizationSent(kubeconfig({ username: "u", password: "p" }))).toBe(`Basic ${base64("u:p")}`);
  });
  test("a token file, relative to the kubeconfig and with a newline at its end", async () => {
    write("token", "from-file\n");
    expect(await authorizationSent(kubeconfig({ tokenFile: "token" }))).toBe("Bearer from-file");
  });
  test("no credentials at all, over plain http", async () => {
    expect(await authorizationSent(kubeconfig({}))).toBeUndefined();
  });
  test("an exec plugin, relative to the kubeconfig, run once for requests that start together", async () => {
    const plugin = execPlugin();
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1",
      args: ["arg"],
      env: [{ name: "FLAVOUR", value: "sweet" }],
    };
    const client = createKubeClient({ kubeconfig: kubeconfig({ exec: { ...exec, command: plugin.command } }), log });
    await Promise.all([1, 2, 3].map(() => client.get(resources.namespaces, { name: "shop" })));
    expect(plugin.runs()).toBe(1);
    expect(api.calls[2]?.headers.authorization).toBe("Bearer ExecCredential-sweet-arg-1");
  });
  test("an exec plugin is asked again when the API refuses its token", async () => {
    const plugin = execPlugin();
    api.handle = (call) =>
      call.headers.authorization?.endsWith("-2") ? call.respond(200, {}) : call.fail(401, "Unauthorized");
    await authorizationSent(kubeconfig({ exec: { command: plugin.command, args: ["arg"] } }));
    expect(plugin.runs()).toBe(2);
  });
  test("an exec plugin that fails says what it said", async () => {
    const file = write("plugin.sh", "#!/bin/sh\necho 'please log in' >&2\nexit 1\n");
    chmodSync(file, 0o755);
    await expect(authorizationSent(kubeconfig({ exec: { command: "./plugin.sh" } }))).rejects.toThrow(
      /^\[unauthorized\] cannot get credentials for http:.*: please log in$/,
    );
  });
});

describe("TLS", () => {
  const clusterCa = { "certificate-authority-data": base64(testdata("ca.crt")) };
  const clientCertificate = {
    "client-certificate-data": base64(testdata("client.crt")),
    "client-key-data": base64(testdata("client.key")),
  };
  let tls: ReturnType<typeof createServer>;
  let server: string;

  beforeEach(async () => {
    const options = { cert: testdata("server.crt"), key: testdata("server.key"), ca: testdata("ca.crt") };
    tls = createServer({ ...options, requestCert: true, rejectUnauthorized: false }, (req, res) => {
      const { subject } = (req.socket as TLSSocket).getPeerCertificate();
      res.setHeader("content-type", "application/json");
      res.end(JSON.stringify({ metadata: { name: subject?.CN ?? "anonymous" } }));
    });
    await new Promise<void>((resolve) => tls.listen(0, "127.0.0.1", resolve));
    const address = tls.address();
    server = `https://127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}`;
  });
  afterEach(async () => {
    tls.closeAllConnections();
    await new Promise((resolve) => tls.close(resolve));
  });

  async function nameSeen(user: object, cluster: object): Promise<string> {
    const client = createKubeClient({ kubeconfig: kubeconfig(user, { server, ...cluster }), log });
    const { metadata } = await client.get(resources.namespaces, { name: "shop" }).finally(() => client.close());
    return metadata.name;
  }

  test("a client certificate given as data", async () => {
    expect(await nameSeen(clientCertificate, clusterCa)).toBe("client");
  });
  test("a client certificate in files relative to the kubeconfig", async () => {
    for (const name of ["ca.crt", "client.crt", "client.key"]) write(name, testdata(name));
    const user = { "client-certificate": "client.crt", "client-key": "client.key" };
    expect(await nameSeen(user, { "certificate-authority": "ca.crt" })).toBe("client");
  });
  test("a server that the authority did not sign is refused", async () => {
    await expect(nameSeen({}, {})).rejects.toMatchObject({ code: "unreachable" });
  });
  test("unless verification is switched off", async () => {
    expect(await nameSeen({}, { "insecure-skip-tls-verify": true })).toBe("anonymous");
  });
  test("a server may be known by another name", async () => {
    expect(await nameSeen({}, { ...clusterCa, "tls-server-name": "kubernetes.test" })).toBe("anonymous");
    await expect(nameSeen({}, { ...clusterCa, "tls-server-name": "other.test" })).rejects.toThrow(/other\.test/);
  });
  test("inside a cluster: the service account's token and authority", async () => {
    write("token", "pod-token\n");
    write("ca.crt", testdata("ca.crt"));
    const access = resolveClusterAccess({ serviceAccountDir: dir, serviceHost: "::1", servicePort: 6443 });
    expect(access.server).toBe("https://[::1]:6443");
    const { headers, tls: material } = await access.credentials();
    expect(headers).toEqual({ Authorization: "Bearer pod-token" });
    expect(material.ca?.toString()).toBe(testdata("ca.crt"));
  });
});

describe("where the API is", () => {
  const cases: Record<string, { options: () => Parameters<typeof resolveClusterAccess>[0]; problem: RegExp }> = {
    "nothing is configured outside a pod": {
      options: () => ({ serviceAccountDir: dir }),
      problem: /no Kubernetes API is configured .* expected --kubeconfig FILE, --kube-server URL or to run in a pod/,
    },
    "the file is not there": {
      options: () => ({ kubeconfig: "/no/config" }),
      problem: /kubeconfig is \/no\/config, expected a readable/,
    },
    "the file is no kubeconfig": {
      options: () => ({ kubeconfig: write("bad", "clusters: [{name: a}]") }),
      problem: /clusters\[0\]\.cluster is missing/,
    },
    "the context does not exist": {
      options: () => ({ kubeconfig: kubeconfig({}), context: "prod" }),
      problem: /kubeContext is prod, expected one of the contexts in .*: test/,
    },
    "a context without a file": {
      options: () => ({ context: "prod" }),
      problem: /expected kubeconfig to name the file/,
    },
    "a URL that is none": { options: () => ({ server: "localhost:80" }), problem: /expected a URL starting with http/ },
    "a URL with a password": { options: () => ({ server: "http://u:hunter22@h" }), problem: /^((?!hunter22).)*$/ },
    "both a URL and a file": { options: () => ({ server: "http://h", kubeconfig: "c" }), problem: /only one of them/ },
    "an auth provider that Kubernetes removed": {
      options: () => ({ kubeconfig: kubeconfig({ "auth-provider": { name: "gcp" } }) }),
      problem: /auth-provider of user me .* is gcp, .* expected an exec plugin/,
    },
    "a proxy of another kind": {
      options: () => ({ kubeconfig: kubeconfig({}, { "proxy-url": "socks5://p" }) }),
      problem: /proxy-url of cluster test .* expected http/,
    },
  };
  for (const [sentence, { options, problem }] of Object.entries(cases)) {
    test(`is a configuration error when it is unclear: ${sentence}`, () => {
      expect(() => resolveClusterAccess(options())).toThrow(ConfigError);
      expect(() => resolveClusterAccess(options())).toThrow(problem);
    });
  }
  test("is never taken from the KUBECONFIG variable", () => {
    vi.stubEnv("KUBECONFIG", kubeconfig({ token: "t" }));
    expect(() => resolveClusterAccess({ serviceAccountDir: dir })).toThrow(/no Kubernetes API is configured/);
    vi.unstubAllEnvs();
  });
});

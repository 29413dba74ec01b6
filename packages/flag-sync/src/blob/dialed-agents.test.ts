import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDialer, type Dialer, serve } from "@burgee/service-kit";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createDialedAgents } from "./dialed-agents.ts";

let dialer: Dialer;
beforeEach(() => {
  dialer = createDialer();
});
afterEach(() => dialer.close());

/** What a call over the agent ends with. */
function call(url: string): Promise<string> {
  const { https } = createDialedAgents(dialer);
  return new Promise((resolve, reject) => {
    request(url, { agent: https }, (response) => resolve(`HTTP ${response.statusCode}`))
      .on("error", reject)
      .end();
  });
}

it("speaks TLS over the dialer's socket, and checks the certificate", async () => {
  const folder = await mkdtemp(join(tmpdir(), "burgee-agents-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost";
  execFileSync("openssl", [...subject.split(" "), "-keyout", key, "-out", cert], { stdio: "ignore" });
  const tls = { key: await readFile(key), cert: await readFile(cert) };
  const server = await serve({
    name: "store",
    at: { port: 0, host: "127.0.0.1" },
    tls,
    handler: (_, r) => r.end("ok"),
  });
  const connect = vi.spyOn(dialer, "connect");
  await expect(call(`https://localhost:${server.port}/`)).rejects.toThrow(/self.signed certificate/);
  expect(connect).toHaveBeenCalledWith("localhost", server.port);
  await server.close(0);
  await rm(folder, { recursive: true });
});

it("does not reach what the dialer refuses", async () => {
  await expect(call("https://169.254.169.254/latest")).rejects.toThrow(/\[refused_by_policy\]/);
});

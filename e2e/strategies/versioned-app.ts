// The workload of the stories: says which version and role it is, and how many visitors it had. One process a pod.
import { createServer } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

const { PORT, VERSION, BURGEE_RELEASE_ROLE = "canary" } = process.env;
let visitors = 0;

const server = createServer((request, response) => {
  if (request.url === "/healthz") return response.end("ok");
  if (request.url === "/visitors") return response.end(String(visitors));
  visitors += 1;
  return response.end(JSON.stringify({ version: VERSION, role: BURGEE_RELEASE_ROLE }));
});
server.keepAliveTimeout = 30_000;
server.listen(Number(PORT), "127.0.0.1");

process.on("SIGTERM", async () => {
  // Endpoints are updated while the process still answers: as a preStop sleep does in a cluster.
  await delay(500);
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});

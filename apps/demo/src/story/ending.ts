import type { Stack } from "../stack/stack.ts";
import type { StoryResult } from "./story.ts";
import type { Timeline } from "./timeline.ts";

/** The outcome in one line. */
export function report(result: StoryResult, timeline: Timeline): void {
  const { seconds, requests, failedDuringGoodRollout, alerts } = result;
  if (result.skipped) {
    timeline.line("■", `done in ${seconds} s, with parts skipped`);
    return;
  }
  timeline.line(
    "■",
    `done in ${seconds} s: ${requests.total} requests, ${requests.failed} failed, ${failedDuringGoodRollout} of them while v2 was rolled out; ${alerts} alerts`,
  );
}

/** Keeps everything running for a look around, until the demo is stopped. */
export async function stay(
  stack: Stack,
  o: { gateway: { host: string; port: number } | undefined; timeline: Timeline; signal: AbortSignal },
): Promise<void> {
  const { gateway, timeline, signal } = o;
  const evaluation = await stack.address("flagd", "evaluation");
  const api = await stack.address("admin-api", "http");
  for (const [what, where] of [
    ...(gateway
      ? [["the shop", `curl -H 'Host: shop.example.com' http://${gateway.host}:${gateway.port}/`] as const]
      : []),
    ["Kubernetes", `kubectl --kubeconfig ${stack.stage.kubeconfig} get canaries -A`],
    ["admin API", `curl -H 'Authorization: Bearer ${stack.adminToken}' http://${api}/api/canaries`],
    [
      "flags",
      `curl -X POST -H 'content-type: application/json' -d '{"flagKey":"new-checkout"}' http://${evaluation}/flagd.evaluation.v1.Service/ResolveBoolean`,
    ],
    ["Prometheus", stack.prometheus.url],
    ["Slack messages", stack.sink.url],
    ["logs", `${stack.folder}/logs`],
  ] as const)
    timeline.line("→", `${what.padEnd(15)}${where}`);
  timeline.line("→", "everything keeps running; Ctrl-C ends it");
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

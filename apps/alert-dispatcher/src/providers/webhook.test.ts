import { Secret } from "@burgee/service-kit";
import { expect, test } from "vitest";
import { testAlert } from "../testing/alerts.ts";
import { alertProviderSuite } from "../testing/provider-suite.ts";
import { webhook } from "./webhook.ts";

const body = (severity: string) => ({
  version: "v1",
  id: "uid/1/started/alert",
  severity,
  status: "progressing",
  phase: "Progressing",
  name: "podinfo",
  namespace: "test",
  message: "New revision detected, progressing canary analysis.",
  fields: [{ name: "Target", value: "Deployment/podinfo.test" }],
  cluster: "",
  checksum: "6f8d",
  metadata: { environment: "test" },
  timestamp: "2026-01-02T03:04:05.000Z",
});

alertProviderSuite("webhook", {
  path: "/hooks/alerts",
  bodies: { info: body("info"), warn: body("warn"), error: body("error") },
  authorization: "Bearer TOKEN",
});

test("the id of the alert is a header, too, and the cluster comes from its field", () => {
  const receiver = { address: new Secret("https://hook.example"), token: undefined, channel: "", username: "" };
  const alert = testAlert({ fields: [{ name: "Cluster", value: "eu-1" }], phase: "WaitingPromotion" });
  expect(webhook.post(alert, receiver)).toMatchObject({
    body: { cluster: "eu-1", status: "waiting", phase: "WaitingPromotion" },
  });
});

import { expect, test } from "vitest";
import { alertFromDelivery, routeTakes } from "./alert.ts";
import { testAlert, testEntry } from "./testing/alerts.ts";

const cases: Record<string, { route: string; takes: readonly string[] }> = {
  "info takes all": { route: "info", takes: ["info", "warn", "error"] },
  "warn takes warn and error": { route: "warn", takes: ["warn", "error"] },
  "error takes only error": { route: "error", takes: ["error"] },
  "an empty severity takes all, as the documentation says": { route: "", takes: ["info", "warn", "error"] },
};
for (const [sentence, { route, takes }] of Object.entries(cases)) {
  test(`a route with ${sentence}`, () => {
    expect((["info", "warn", "error"] as const).filter((severity) => routeTakes(route, severity))).toEqual(takes);
  });
}

test("an alert is read as it was raised; a route without a namespace means the canary's", () => {
  const routes = [{ name: "on-call", severity: "error", providerName: "slack", providerNamespace: "" }];
  const alert = testAlert({ severity: "warn", routes });
  expect(alertFromDelivery({ ...testEntry(alert), offset: "1-0", attempt: 1 })).toEqual({
    ...alert,
    routes: [{ ...routes[0], providerNamespace: "test" }],
  });
});

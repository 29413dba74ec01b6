import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  AnalysisCompletedSchema,
  AnalysisRequestedSchema,
  Result,
  VerdictSchema,
} from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import { createMemoryBus, streams } from "@burgee/event-bus";
import { Secret, sign } from "@burgee/service-kit";
import { captureLogger } from "@burgee/service-kit/testing";
import { expect, it } from "vitest";
import { askForVerdict } from "./ask-for-verdict.ts";

interface Case {
  readonly answer?: { readonly result: Result; readonly key: string };
  readonly says: RegExp;
}

const cases: Record<string, Case> = {
  "a signed pass is what it wants": {
    answer: { result: Result.PASS, key: "shared" },
    says: /verdict of .* is a pass$/,
  },
  "a verdict under another key is none": { answer: { result: Result.PASS, key: "other" }, says: /is not signed with/ },
  "anything but a pass is told": {
    answer: { result: Result.UNKNOWN, key: "shared" },
    says: /is UNKNOWN, expected PASS/,
  },
  "without an answer it gives up": { says: /got no verdict within 0\.3 s: is an analyzer ready/ },
};

it.each(Object.entries(cases))("%s", async (_, { answer, says }) => {
  const bus = createMemoryBus({ log: captureLogger().log });
  bus.consume(streams.analysisRequests, "analyzers", async ({ payload, ...entry }) => {
    if (answer === undefined) return;
    const { check } = fromBinary(AnalysisRequestedSchema, payload);
    const verdict = toBinary(VerdictSchema, create(VerdictSchema, { ...(check && { check }), result: answer.result }));
    const completed = create(AnalysisCompletedSchema, { verdict, mac: sign(verdict, Buffer.from(answer.key)) });
    await bus.publish(streams.analysisResults, { ...entry, payload: toBinary(AnalysisCompletedSchema, completed) });
  });
  const asked = askForVerdict({ bus, verdictKey: new Secret("shared"), now: 1_700_000_000_000, timeoutMs: 300 });
  expect(
    await asked.then(
      (sentence) => sentence,
      (error: Error) => error.message,
    ),
  ).toMatch(says);
  await bus.close();
});

import { expect, test } from "vitest";
import { retryAfterMs } from "./send.ts";

const now = Date.parse("2026-01-02T03:04:05Z");
const cases: Record<string, { header: string | null; ms: number | undefined }> = {
  "no header asks for nothing": { header: null, ms: undefined },
  "seconds are seconds": { header: "2", ms: 2_000 },
  "a date is a moment": { header: "Fri, 02 Jan 2026 03:04:35 GMT", ms: 30_000 },
  "a date in the past asks for nothing": { header: "Fri, 02 Jan 2026 03:04:00 GMT", ms: undefined },
  "an hour is cut to five minutes": { header: "3600", ms: 300_000 },
  "nonsense asks for nothing": { header: "soon", ms: undefined },
};
for (const [sentence, { header, ms }] of Object.entries(cases)) {
  test(`Retry-After: ${sentence}`, () => expect(retryAfterMs(header, now)).toBe(ms));
}

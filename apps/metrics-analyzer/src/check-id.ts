import type { AnalysisRequested, CheckRef } from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import { timestampMs } from "@bufbuild/protobuf/wkt";

/** The identity of a check as text: `canaryUID/run/check`. */
export function checkId({ canaryUid, run, check }: CheckRef): string {
  return `${canaryUid}/${run}/${check}`;
}

/** Equal for two requests exactly when they must get the same answer. */
export function questionId({ check, revision, weight, specHash, at, noDataFails }: AnalysisRequested): string {
  const id = check === undefined ? "" : checkId(check);
  return JSON.stringify([id, revision, weight, specHash, at === undefined ? 0 : timestampMs(at), noDataFails]);
}

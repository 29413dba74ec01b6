// The kinds that spec.autoscalerRef may name. A new kind is a new file and a line here.
import { hpa } from "./hpa.ts";
import { scaledObject } from "./scaled-object.ts";
import { type AnyScaler, scaler } from "./scaler.ts";

const scalers: Readonly<Record<string, AnyScaler>> = {
  HorizontalPodAutoscaler: scaler(hpa),
  ScaledObject: scaler(scaledObject),
};

/** Names that users write. */
export const scalerNames: readonly string[] = Object.keys(scalers);

/** The kind of that name, undefined when there is none. */
export function scalerOf(kind: string): AnyScaler | undefined {
  return Object.entries(scalers).find(([name]) => name === kind)?.[1];
}

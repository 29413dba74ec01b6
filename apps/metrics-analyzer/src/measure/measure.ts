import { noUsableQueryText } from "@burgee/judge";
import { invalid, type MeasuringContext } from "./context.ts";
import type { Finding } from "./finding.ts";
import { measureBuiltin } from "./measure-builtin.ts";
import { measureInline } from "./measure-inline.ts";
import { measureTemplate } from "./measure-template.ts";
import type { Measurement } from "./plan.ts";

/** Gets one value. Whatever keeps it from doing so is a finding; rejects only for bugs. */
export async function measure(measurement: Measurement, context: MeasuringContext): Promise<Finding> {
  switch (measurement.source) {
    case "builtin":
      return measureBuiltin(measurement, context);
    case "inline":
      return measureInline(measurement, context);
    case "template":
      return measureTemplate(measurement, context);
    case "none":
      return invalid(noUsableQueryText);
  }
}

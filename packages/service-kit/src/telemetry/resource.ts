import { hostname, release, type, version } from "node:os";
import type { Attributes } from "../instruments/instruments.ts";

/** What is measured, as upstream's resource detectors describe it; the environment's attributes win. */
export function describeResource(o: { name: string; version: string; given: Attributes }): Attributes {
  return {
    "host.name": hostname(),
    "os.description": `${type()} ${release()} ${version()}`,
    "os.type": process.platform,
    "process.runtime.version": process.version,
    "service.name": o.name,
    "service.version": o.version,
    "telemetry.sdk.language": "nodejs",
    "telemetry.sdk.name": "opentelemetry",
    "telemetry.sdk.version": sdkVersion,
    ...o.given,
  };
}

/** Of OpenTelemetry's SDK that exports; written here so that it need not be loaded to be told. A test holds it to the package. */
export const sdkVersion = "3.1.1";

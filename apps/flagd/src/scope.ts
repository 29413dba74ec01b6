/** The OpenTelemetry scope of upstream's own metrics. */
export const flagdScope = { name: "flagd" };

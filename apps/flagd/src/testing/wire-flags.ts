import { testFlags } from "@burgee/flag-sync/testing";

const always = { state: "ENABLED", defaultVariant: "v" };
/** The test flags, and one for each thing that could be written differently by two encoders. */
export const wireFlags = {
  ...testFlags,
  flags: {
    ...testFlags.flags,
    ünïcode: { ...always, variants: { v: "snowman ☃ \u{1f600} \u0000" } },
    half: { ...always, variants: { v: "half a character \ud83d" } },
    empty: { ...always, variants: { v: "" } },
    negative: { ...always, variants: { v: -0.5 } },
    huge: { ...always, variants: { v: 1e300 } },
    zero: { ...always, variants: { v: 0 } },
    nested: { ...always, variants: { v: { a: { b: [null, true, 1.5, "x", {}, []] }, "": 0 } } },
    echo: {
      state: "ENABLED",
      variants: { on: true, off: false },
      defaultVariant: "off",
      metadata: { version: 3, beta: true, name: "é", ratio: 0.25 },
      targeting: { if: [{ "==": [{ var: "deep.list.1" }, "x"] }, "on", "off"] },
    },
    region: {
      state: "ENABLED",
      variants: { eu: "Europe", us: "America" },
      defaultVariant: "us",
      metadata: { flagSetId: "places" },
      targeting: { var: "region" },
    },
  },
};

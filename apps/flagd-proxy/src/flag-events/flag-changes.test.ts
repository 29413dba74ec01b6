import type { JsonObject } from "@burgee/flag-engine";
import { expect, test } from "vitest";
import { flagChanges, type ServedFlags } from "./flag-changes.ts";

function served(document: JsonObject, owners: Record<string, string> = {}): ServedFlags {
  return { document, owners: new Map(Object.entries(owners)) };
}

const a = { state: "ENABLED", defaultVariant: "on" };
const b = { state: "ENABLED", defaultVariant: "off" };

const cases: Record<string, { before?: ServedFlags; after?: ServedFlags; changes: string[] }> = {
  "a new document creates its flags": { after: served({ flags: { x: a, y: b } }), changes: ["x created", "y created"] },
  "a document that goes deletes them": { before: served({ flags: { x: a } }), changes: ["x deleted"] },
  "the same flags in another order are no change": {
    before: served({ flags: { x: a, y: b } }),
    after: served({ flags: { y: b, x: a } }),
    changes: [],
  },
  "flags come, go and change": {
    before: served({ flags: { x: a, y: a } }),
    after: served({ flags: { y: b, z: a } }),
    changes: ["x deleted", "y updated", "z created"],
  },
  "a change of evaluators reaches every flag": {
    before: served({ flags: { x: a }, $evaluators: { e: {} } }),
    after: served({ flags: { x: a }, $evaluators: { e: { in: [] } } }),
    changes: ["x updated"],
  },
  "a change under an override names its owner": {
    before: served({ flags: { x: a } }),
    after: served({ flags: { x: b } }, { x: "shop/web" }),
    changes: ["x updated by shop/web"],
  },
  "so does the end of the override": {
    before: served({ flags: { x: b } }, { x: "shop/web" }),
    after: served({ flags: { x: a } }),
    changes: ["x updated by shop/web"],
  },
};
for (const [name, { before, after, changes }] of Object.entries(cases)) {
  test(name, () => {
    const told = flagChanges(before, after).map(
      (c) => `${c.flagKey} ${c.kind}${c.overrideOwner === "" ? "" : ` by ${c.overrideOwner}`}`,
    );
    expect(told).toEqual(changes);
  });
}

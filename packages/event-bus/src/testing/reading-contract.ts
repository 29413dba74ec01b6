import { expect, test } from "vitest";
import { type Delivery, streams } from "../bus.ts";
import { type ContractStage, entry, ids } from "./contract-stage.ts";

/** What followers and readers see. */
export function testReading(s: ContractStage): void {
  test("every follower sees every entry from now on, in order, even if its handler fails", async () => {
    await s.bus.publish(streams.flagEvents, entry("before"));
    const other = s.shared.createBus();
    const alsoGot: Delivery[] = [];
    const one = s.bus.follow(streams.flagEvents, (delivery) => {
      s.got.push(delivery);
      throw new Error("mine to bear");
    });
    const two = other.follow(streams.flagEvents, (delivery) => void alsoGot.push(delivery));
    await Promise.all([one.ready, two.ready]);
    for (let i = 0; i < 5; i++) await s.bus.publish(streams.flagEvents, entry(`e${i}`));
    await s.seen(5);
    await s.seen(5, alsoGot);
    expect(ids(s.got)).toEqual(["e0", "e1", "e2", "e3", "e4"]);
    expect(ids(alsoGot)).toEqual(ids(s.got));
    await other.close();
  });

  test("a follower can begin at the start or after an offset", async () => {
    for (const id of ["a", "b", "c"]) await s.bus.publish(streams.flagEvents, entry(id));
    s.bus.follow(streams.flagEvents, s.keep, { from: "start" });
    await s.seen(3);
    const later: Delivery[] = [];
    s.bus.follow(streams.flagEvents, (delivery) => void later.push(delivery), { from: s.got[0]?.offset ?? "" });
    await s.seen(2, later);
    expect(ids(later)).toEqual(["b", "c"]);
  });

  test("read gives the newest first, page by page", async () => {
    for (const id of ["a", "b", "c"]) await s.bus.publish(streams.rolloutEvents, entry(id));
    const page = await s.bus.read(streams.rolloutEvents, { count: 2 });
    expect(ids(page)).toEqual(["c", "b"]);
    expect(ids(await s.bus.read(streams.rolloutEvents, { before: page[1]?.offset ?? "" }))).toEqual(["a"]);
    expect(await s.bus.read(streams.flagEvents)).toEqual([]);
  });
}

// provider: istio – a VirtualService named like the apex Service, and a DestinationRule for the primary and for the canary.
import type { Canary } from "@burgee/contracts/crd";
import { apexName, serviceName } from "../services.ts";
import { nextCookies } from "./http/cookies.ts";
import { apexRef, isOwn } from "./http/route-metadata.ts";
import { alignedDestinationRule, newDestinationRule } from "./istio/destination-rule.ts";
import { type DestinationRule, destinationRules, type VirtualService, virtualServices } from "./istio/objects.ts";
import { revertedVirtualService } from "./istio/original.ts";
import { alignedVirtualService, allToPrimary, isTcp, newVirtualService, splitOf } from "./istio/virtual-service.ts";
import { type RouteContext, type RouteProblem, type Router, RouterError, type Split } from "./router.ts";

const roles = ["canary", "primary"] as const;

/** What one pass saw. */
class IstioObjects {
  readonly virtualService: VirtualService | undefined;
  readonly rules: ReadonlyMap<(typeof roles)[number], DestinationRule | undefined>;

  constructor(
    virtualService: VirtualService | undefined,
    rules: ReadonlyMap<(typeof roles)[number], DestinationRule | undefined>,
  ) {
    this.virtualService = virtualService;
    this.rules = rules;
  }
}

export const istio: Router = {
  routed: true,
  check: (canary) => [...delegationProblems(canary), ...tcpProblems(canary)],

  async observe(context) {
    const { client, canary } = context;
    const { namespace } = canary.metadata;
    const [virtualService, ...rules] = await Promise.all([
      client.tryGet(virtualServices, apexRef(context)),
      ...roles.map(
        async (role) =>
          [role, await client.tryGet(destinationRules, { namespace, name: serviceName(canary, role) })] as const,
      ),
    ]);
    const objects = new IstioObjects(virtualService, new Map(rules));
    if (virtualService === undefined) {
      return { seen: { state: "missing", primary: 0, canary: 0, mirrored: false, drifted: false }, objects };
    }
    const split = splitOf(virtualService, canary);
    const drifted =
      alignedVirtualService(context, virtualService, split ?? allToPrimary) !== undefined ||
      rules.some(([role, rule]) => rule === undefined || alignedDestinationRule(canary, role, rule) !== undefined);
    const { primary, canary: inCanary, mirror, mirrorWeight } = split ?? { ...allToPrimary, primary: 0 };
    return {
      seen: {
        state: "ok",
        primary,
        canary: inCanary,
        mirrored: mirror,
        drifted,
        ...(mirrorWeight === undefined ? {} : { mirrorWeight }),
      },
      objects,
    };
  },

  async reconcile(context, observed) {
    const { client, canary } = context;
    const { virtualService, rules } = objectsOf(observed);
    for (const role of roles) {
      const live = rules.get(role);
      const aligned = live === undefined ? undefined : alignedDestinationRule(canary, role, live);
      if (live === undefined) await client.create(destinationRules, newDestinationRule(canary, role));
      else if (aligned !== undefined) await client.replace(destinationRules, aligned);
    }
    if (virtualService === undefined) await client.create(virtualServices, newVirtualService(context));
    else await align(context, virtualService, splitOf(virtualService, canary) ?? allToPrimary);
  },

  async setRoutes(context, observed, split) {
    const { virtualService } = objectsOf(observed);
    if (virtualService === undefined) {
      const name = apexName(context.canary);
      throw new RouterError("not_found", `VirtualService ${name} is missing; it is made again at the next pass`);
    }
    const cookies = nextCookies(context.canary, context.cookies, split);
    await align({ ...context, cookies }, virtualService, split);
  },

  // What the Canary made goes away with it; what it took over is given back.
  async finalize({ client, canary }, observed) {
    const { virtualService } = objectsOf(observed);
    if (virtualService === undefined || isOwn(virtualService.metadata, canary)) return;
    const reverted = revertedVirtualService(virtualService);
    if (reverted !== undefined) await client.replace(virtualServices, reverted);
  },
};

async function align(context: RouteContext, live: VirtualService, split: Split): Promise<void> {
  const aligned = alignedVirtualService(context, live, split);
  if (aligned !== undefined) await context.client.replace(virtualServices, aligned);
}

function objectsOf({ objects }: { objects: unknown }): IstioObjects {
  if (objects === undefined) return new IstioObjects(undefined, new Map());
  if (objects instanceof IstioObjects) return objects;
  throw new RouterError("bad_observation", "routes were observed by another router; observe again");
}

function delegationProblems({ spec }: Canary): RouteProblem[] {
  const { delegation, hosts = [], gateways = [] } = spec.service ?? {};
  if (delegation !== true) return [];
  const expected = "nothing: a delegate (spec.service.delegation) has no hosts and no gateways of its own";
  return [
    ...(hosts.length === 0 ? [] : [{ path: "spec.service.hosts", value: hosts, expected }]),
    ...(gateways.length === 0 ? [] : [{ path: "spec.service.gateways", value: gateways, expected }]),
  ];
}

function tcpProblems(canary: Canary): RouteProblem[] {
  if (!isTcp(canary)) return [];
  const { match = [], mirror } = canary.spec.analysis;
  const expected = "nothing: connections (spec.service.appProtocol tcp) are split by weight only";
  return [
    ...(match.length === 0 ? [] : [{ path: "spec.analysis.match", value: match, expected }]),
    ...(mirror === true ? [{ path: "spec.analysis.mirror", value: mirror, expected }] : []),
  ];
}

// The VirtualService of a Canary: what it should be, what a live one becomes, and what a live one says.
import type { Canary } from "@burgee/contracts/crd";
import { canaryOwner } from "../../canary-resource.ts";
import { serviceName } from "../../services.ts";
import { sameMeaning } from "../../workloads/canonical-json.ts";
import { apexMetadata, apexRef, isOwn, type Metadata } from "../http/route-metadata.ts";
import type { RouteContext, Split } from "../router.ts";
import { destinations, serviceOf } from "./destinations.ts";
import { httpRules } from "./http-rules.ts";
import type { HttpRule, RouteDestination, TcpRule, VirtualService, VirtualServiceSpec } from "./objects.ts";
import { keptAnnotations, rememberingOriginal } from "./original.ts";

type Input = Pick<RouteContext, "canary" | "label" | "intervalMs" | "cookies">;

/** All on the primary. */
export const allToPrimary: Split = { primary: 100, canary: 0, mirror: false };

/** True for a Canary of connections instead of requests. */
export function isTcp(canary: Canary): boolean {
  return canary.spec.service?.appProtocol?.toLowerCase() === "tcp";
}

/** The VirtualService to create. */
export function newVirtualService(input: Input): VirtualService {
  return {
    apiVersion: "networking.istio.io/v1beta1",
    kind: "VirtualService",
    metadata: { ...apexRef(input), ...apexMetadata(input), ownerReferences: [canaryOwner(input.canary)] },
    spec: virtualServiceSpec(input, allToPrimary),
  };
}

/**
 * A live VirtualService brought in line with the Canary and a split; undefined when it is. One that a user made keeps its labels,
 * its annotations and its owner, and remembers what it was. Fields of the spec that a Canary says nothing about stay.
 */
export function alignedVirtualService(input: Input, live: VirtualService, split: Split): VirtualService | undefined {
  const { hosts: _, gateways: __, http: ___, tcp: ____, ...others } = live.spec;
  const spec = { ...others, ...virtualServiceSpec(input, split) };
  const { labels, annotations } = metadataFor(input, live);
  const sameSpec = sameMeaning(spec, live.spec);
  const { metadata } = live;
  if (sameSpec && sameMeaning([labels, annotations], [metadata.labels ?? {}, metadata.annotations ?? {}])) {
    return undefined;
  }
  const remembered = isOwn(metadata, input.canary) || sameSpec ? annotations : rememberingOriginal(annotations, live);
  return {
    ...live,
    apiVersion: "networking.istio.io/v1beta1",
    kind: "VirtualService",
    metadata: { ...metadata, labels, annotations: remembered },
    spec,
  };
}

/** The split that a live VirtualService asks for; undefined when it names neither side. The weighted rule is the last of the canary. */
export function splitOf(live: VirtualService, canary: Canary): Split | undefined {
  const names = { primary: serviceName(canary, "primary"), canary: serviceName(canary, "canary") };
  const rules: readonly (HttpRule & TcpRule)[] = (isTcp(canary) ? live.spec.tcp : live.spec.http) ?? [];
  const rule = rules.findLast(({ route }) => route?.some((to) => to.destination.host === names.canary));
  const weight = (of: "primary" | "canary") => weightOf(rule?.route ?? [], names[of]);
  const primary = weight("primary");
  const inCanary = weight("canary");
  if (primary === 0 && inCanary === 0) return undefined;
  const value = rule?.mirrorPercentage?.value;
  return {
    primary,
    canary: inCanary,
    mirror: rule?.mirror?.host === names.canary,
    ...(value === undefined ? {} : { mirrorWeight: value }),
  };
}

function weightOf(route: readonly RouteDestination[], host: string): number {
  return route.find(({ destination }) => destination.host === host)?.weight ?? 0;
}

function virtualServiceSpec(input: Input, split: Split): VirtualServiceSpec {
  const service = serviceOf(input.canary);
  const { name } = apexRef(input);
  const { hosts = [], gateways = [], delegation } = service;
  const rules = isTcp(input.canary) ? { tcp: [tcpRule(input.canary, split)] } : { http: httpRules(input, split) };
  // A delegate is reached through another VirtualService, which says for which hosts.
  if (delegation === true) return { hosts: [], ...rules };
  return {
    hosts: hosts.includes(name) || hosts.includes("*") ? hosts : [...hosts, name],
    gateways: gateways.length === 0 ? ["mesh"] : gateways,
    ...rules,
  };
}

function tcpRule(canary: Canary, split: Split): TcpRule {
  const match = (serviceOf(canary).match ?? []).map(({ port }) => (port === undefined ? {} : { port }));
  return { ...(match.length === 0 ? {} : { match }), route: destinations(canary, split) };
}

function metadataFor(input: Input, { metadata }: VirtualService): Metadata {
  const { labels, annotations } = apexMetadata(input);
  const own = isOwn(metadata, input.canary);
  return {
    labels: own ? labels : { ...metadata.labels, ...labels },
    annotations: { ...(own ? keptAnnotations(metadata.annotations) : metadata.annotations), ...annotations },
  };
}

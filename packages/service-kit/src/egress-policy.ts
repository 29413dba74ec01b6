import { lookup as dnsLookup, type LookupAddress } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { DialError } from "./dial-error.ts";
import { KitError } from "./kit-error.ts";

/** Where outgoing calls may go. */
export interface EgressPolicy {
  /** Why this host must not be called, judged by its name or literal address alone. */
  refuses(host: string): string | undefined;
  /** Resolves like dns.lookup but drops denied addresses, so that a harmless name cannot lead to one. */
  readonly lookup: LookupFunction;
}

// Link-local addresses carry cloud metadata services (169.254.169.254 and, on ECS and EKS, .170.2 and .170.23); the two single
// addresses are the IPv6 one of AWS and the one of Alibaba Cloud.
const deniedSubnets = ["169.254.0.0/16", "fe80::/10", "fd00:ec2::/32", "100.100.100.200/32"];
const deniedNames = new Set(["metadata.google.internal", "metadata.goog", "metadata"]);

/** Denies link-local and metadata addresses except those allowed (addresses or CIDRs). Throws KitError `bad_address`. */
export function createEgressPolicy(allow: readonly string[] = []): EgressPolicy {
  const denied = blockList(deniedSubnets);
  const allowed = blockList(allow);
  const deniesAddress = (address: string): boolean => {
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    return denied.check(address, family) && !allowed.check(address, family);
  };
  const refuses = (host: string): string | undefined => {
    const bare = bareHost(host);
    if (isIP(bare) !== 0) return deniesAddress(bare) ? `${bare} is a link-local or metadata address` : undefined;
    return deniedNames.has(bare) ? `${bare} is a metadata service` : undefined;
  };
  const lookup: LookupFunction = (hostname, options, callback) => {
    dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, []);
      const usable = addresses.filter(({ address }) => !deniesAddress(address));
      const [first] = usable;
      if (first === undefined) return callback(refused(hostname, addresses), []);
      return options.all === true ? callback(null, usable) : callback(null, first.address, first.family);
    });
  };
  return { refuses, lookup };
}

function refused(hostname: string, addresses: readonly LookupAddress[]): DialError {
  const seen = addresses.map(({ address }) => address).join(", ");
  return new DialError(
    "refused_by_policy",
    `${hostname} resolves to ${seen}, a link-local or metadata address; allow it with --egress-allow if it is meant`,
  );
}

function blockList(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const subnet = parseSubnet(entry);
    if (subnet === undefined)
      throw new KitError("bad_address", `egressAllow has ${JSON.stringify(entry)}, expected ${subnetExpected}`);
    list.addSubnet(subnet.address, subnet.bits, subnet.family === 6 ? "ipv6" : "ipv4");
  }
  return list;
}

const subnetExpected = "an address or a CIDR such as 169.254.20.10/32";

/** What would have been right, when the text is neither an address nor a CIDR. */
export function expectsSubnet(text: string): string | undefined {
  return parseSubnet(text) === undefined ? subnetExpected : undefined;
}

function parseSubnet(text: string): { address: string; bits: number; family: number } | undefined {
  const [address = "", prefix, ...more] = text.split("/");
  const family = isIP(address);
  const most = family === 6 ? 128 : 32;
  const bits = prefix === undefined ? most : Number(prefix);
  const fits = prefix !== "" && Number.isInteger(bits) && bits >= 0 && bits <= most;
  return family !== 0 && more.length === 0 && fits ? { address, bits, family } : undefined;
}

/** The host without the brackets of an IPv6 URL, in lower case, without a trailing dot. */
export function bareHost(host: string): string {
  return host
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
}

/** Whether the host names this machine: `localhost`, 127.0.0.0/8 or ::1. */
export function isLoopback(host: string): boolean {
  const bare = bareHost(host);
  return (
    bare === "localhost" ||
    bare.endsWith(".localhost") ||
    bare === "::1" ||
    (isIP(bare) === 4 && bare.startsWith("127."))
  );
}

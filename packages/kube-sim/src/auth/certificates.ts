import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { isIP } from "node:net";
import { bits, boolean, implicit, integer, octets, oid, sequence, set, tagged, text, utcTime } from "./der.ts";

/** A certificate and its key, as PEM. */
export interface KeyPair {
  cert: string;
  key: string;
}

/** Signs certificates for servers and clients. Ten years, elliptic keys. */
export interface CertificateAuthority {
  /** The authority's own certificate, as PEM. */
  readonly cert: string;
  /** `hosts`: names and addresses a server is reached by. For a client the common name is the user, organizations are groups. */
  issue(o: { commonName: string; organizations?: readonly string[]; hosts?: readonly string[] }): KeyPair;
}

interface Holder {
  name: Buffer;
  privateKey: KeyObject;
  keyId: Buffer;
}

/** A new certificate authority that nobody else trusts yet. */
export function createCertificateAuthority(commonName = "kube-sim-ca"): CertificateAuthority {
  const pair = newPair();
  const holder: Holder = { name: nameOf(commonName, []), privateKey: pair.privateKey, keyId: pair.keyId };
  const usage = bits(Buffer.of(0b0000_0110), 1); // signs certificates and revocation lists
  const extensions = [
    extension("2.5.29.19", sequence(boolean(true)), { critical: true }),
    extension("2.5.29.15", usage, { critical: true }),
  ];
  const cert = certificate({ issuer: holder, subject: holder.name, spki: pair.spki, keyId: pair.keyId, extensions });
  return {
    cert,
    issue: ({ commonName: name, organizations = [], hosts = [] }) => {
      const { privateKey, spki, keyId } = newPair();
      const own = [
        extension("2.5.29.15", bits(Buffer.of(0b1000_0000), 7), { critical: true }),
        extension("2.5.29.37", sequence(oid("1.3.6.1.5.5.7.3.1"), oid("1.3.6.1.5.5.7.3.2"))),
        ...(hosts.length > 0 ? [extension("2.5.29.17", sequence(...hosts.map(alternativeName)))] : []),
      ];
      const subject = nameOf(name, organizations);
      return {
        cert: certificate({ issuer: holder, subject, spki, keyId, extensions: own }),
        key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      };
    },
  };
}

function newPair(): { privateKey: KeyObject; spki: Buffer; keyId: Buffer } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = publicKey.export({ type: "spki", format: "der" });
  return { privateKey, spki, keyId: createHash("sha1").update(spki).digest() };
}

const dayMs = 86_400_000;
const ecdsaWithSha256 = sequence(oid("1.2.840.10045.4.3.2"));

/** RFC 5280, §4.1. */
function certificate(o: {
  issuer: Holder;
  subject: Buffer;
  spki: Buffer;
  keyId: Buffer;
  extensions: readonly Buffer[];
}): string {
  const now = Date.now();
  const serial = randomBytes(16);
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f);
  const tbs = sequence(
    tagged(0, integer(Buffer.of(2))),
    integer(serial),
    ecdsaWithSha256,
    o.issuer.name,
    // A day back: clocks differ.
    sequence(utcTime(new Date(now - dayMs)), utcTime(new Date(now + 3650 * dayMs))),
    o.subject,
    o.spki,
    tagged(
      3,
      sequence(
        ...o.extensions,
        extension("2.5.29.14", octets(o.keyId)),
        extension("2.5.29.35", sequence(implicit(0, o.issuer.keyId))),
      ),
    ),
  );
  const signature = sign("sha256", tbs, o.issuer.privateKey);
  const body = sequence(tbs, ecdsaWithSha256, bits(signature)).toString("base64");
  return `-----BEGIN CERTIFICATE-----\n${body.replace(/.{1,64}/g, "$&\n")}-----END CERTIFICATE-----\n`;
}

function extension(id: string, value: Buffer, o: { critical?: boolean } = {}): Buffer {
  return sequence(oid(id), ...(o.critical ? [boolean(true)] : []), octets(value));
}

function nameOf(commonName: string, organizations: readonly string[]): Buffer {
  const part = (id: string, value: string) => set(sequence(oid(id), text(value)));
  return sequence(...organizations.map((name) => part("2.5.4.10", name)), part("2.5.4.3", commonName));
}

function alternativeName(host: string): Buffer {
  const version = isIP(host);
  if (version === 4) return implicit(7, Buffer.from(host.split(".").map(Number)));
  if (version === 6) throw new Error(`hosts has ${host}, expected names and IPv4 addresses`);
  return implicit(2, Buffer.from(host, "ascii"));
}

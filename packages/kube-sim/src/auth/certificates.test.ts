import { X509Certificate } from "node:crypto";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { createCertificateAuthority } from "./certificates.ts";

test("a certificate names its hosts, its user and its groups and is signed by the authority", () => {
  const authority = createCertificateAuthority();
  const issued = authority.issue({
    commonName: "jane",
    organizations: ["dev", "ops"],
    hosts: ["127.0.0.1", "api.test"],
  });
  const certificate = new X509Certificate(issued.cert);
  const root = new X509Certificate(authority.cert);
  expect(certificate.subject).toBe("O=dev\nO=ops\nCN=jane");
  expect(certificate.subjectAltName).toBe("IP Address:127.0.0.1, DNS:api.test");
  expect(certificate.verify(root.publicKey)).toBe(true);
  expect(certificate.checkIssued(root)).toBe(true);
  expect([root.ca, certificate.ca]).toEqual([true, false]);
});

test("a TLS handshake succeeds with the authority and fails with another", async () => {
  const authority = createCertificateAuthority();
  const server = createServer(authority.issue({ commonName: "server", hosts: ["localhost"] }), (_, response) => {
    response.end("hello");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const address: AddressInfo | string | null = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const status = (ca: string) =>
    new Promise<unknown>((resolve) => {
      request({ port, ca, servername: "localhost", host: "127.0.0.1" }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .once("error", (error) => resolve("code" in error ? error.code : error))
        .end();
    });
  expect(await status(authority.cert)).toBe(200);
  expect(await status(createCertificateAuthority().cert)).toMatch(/SIGNATURE|UNABLE_TO_VERIFY|SELF_SIGNED/);
  await new Promise((resolve) => server.close(resolve));
});

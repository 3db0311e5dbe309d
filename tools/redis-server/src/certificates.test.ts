import { createPrivateKey, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Certificates, createCertificates } from './certificates.js';

let made: Certificates;
beforeAll(async () => {
  made = await createCertificates();
});

describe('createCertificates', () => {
  it('makes an authority that has signed itself and both others', () => {
    const ca = new X509Certificate(made.ca);
    expect(ca.ca).toBe(true);
    for (const pem of [made.ca, made.server.cert, made.client.cert]) {
      const certificate = new X509Certificate(pem);
      expect(certificate.checkIssued(ca)).toBe(true);
      expect(certificate.verify(ca.publicKey)).toBe(true);
    }
  });

  it('names every loopback address in the certificate of the server', () => {
    const server = new X509Certificate(made.server.cert);
    expect(server.ca).toBe(false);
    expect(server.checkHost('localhost')).toBe('localhost');
    expect(server.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(server.checkIP('::1')).toBe('::1');
    expect(server.checkHost('example.com')).toBeUndefined();
  });

  it('gives each certificate its key', () => {
    for (const { cert, key } of [made.server, made.client]) {
      expect(new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))).toBe(true);
    }
  });

  it('is valid now', () => {
    const { validFrom, validTo } = new X509Certificate(made.client.cert);
    expect(Date.parse(validFrom)).toBeLessThan(Date.now());
    expect(Date.parse(validTo)).toBeGreaterThan(Date.now());
  });
});

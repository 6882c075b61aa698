import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CertifiedKey } from '../../../security/certificates/make-certificate.ts';
import { issueCertificate, makeAuthority } from '../../../security/certificates/make-certificate.ts';

const dayMs = 86_400_000;

/** An authority for tests, and certificates that it signs for this machine. */
export function testAuthority(name = 'test authority') {
  const validity = { validFromMs: Date.now() - dayMs, validToMs: Date.now() + dayMs };
  let serial = 1;
  const ca = makeAuthority({ name, serial: Buffer.from([serial++]), ...validity });
  const issue = (subject: string): CertifiedKey =>
    issueCertificate(ca, {
      name: subject,
      hosts: ['localhost', '127.0.0.1'],
      serial: Buffer.from([serial++]),
      ...validity,
    });
  return { certificate: ca.certificate, issue };
}

/** PEM files of one's own for a listener: its key store, and the trust store. */
export function writeStores(ca: string, { certificate, privateKey }: CertifiedKey) {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-tls-'));
  const keyStore = join(folder, 'keys.pem');
  const trustStore = join(folder, 'ca.pem');
  writeFileSync(keyStore, `${privateKey}${certificate}`);
  writeFileSync(trustStore, ca);
  return {
    folder,
    keyStore,
    trustStore,
    settings: {
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': keyStore,
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': trustStore,
    },
  };
}

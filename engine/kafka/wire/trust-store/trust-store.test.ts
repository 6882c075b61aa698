import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestCertificates } from '../../testing/test-certificates.ts';
import { makeCertificates, whyNoCertificates } from '../../testing/test-certificates.ts';
import { authoritiesIn, storeKind } from './trust-store.ts';

function whyNoKeytool(): string | undefined {
  try {
    execFileSync('keytool', ['-help'], { stdio: 'ignore' });
    return whyNoCertificates();
  } catch {
    return 'no keytool command';
  }
}

describe.skipIf(whyNoKeytool() !== undefined)('trust stores of Java (needs keytool and openssl)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trust-store-'));
  const at = (name: string) => join(folder, name);
  let certificates: TestCertificates;
  const keytool = (...args: string[]) => execFileSync('keytool', ['-noprompt', '-storepass', 'changeit', ...args]);

  beforeAll(() => {
    certificates = makeCertificates();
    writeFileSync(at('ca.pem'), certificates.ca);
    writeFileSync(at('other.pem'), certificates.otherCa);
    for (const [type, file] of [
      ['JKS', 'trust.jks'],
      ['PKCS12', 'trust.p12'],
    ] as const)
      for (const name of ['ca', 'other'])
        keytool('-importcert', '-storetype', type, '-keystore', at(file), '-alias', name, '-file', at(`${name}.pem`));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const serialsOf = (pem: string) =>
    (pem.match(/-----BEGIN[\s\S]+?-----END CERTIFICATE-----/g) ?? []).map(
      (one) => new X509Certificate(one).serialNumber,
    );

  it.each(['trust.jks', 'trust.p12'])('gives the authorities of %s', (file) => {
    const found = serialsOf(authoritiesIn(readFileSync(at(file)), 'changeit', file));
    expect(found.sort()).toEqual([...serialsOf(certificates.ca), ...serialsOf(certificates.otherCa)].sort());
  });

  it('says what is wrong', () => {
    const p12 = readFileSync(at('trust.p12'));
    const codeOf = (file: Buffer, password = 'changeit') => {
      try {
        return authoritiesIn(file, password, 'trust store');
      } catch (error) {
        return `${(error as { code?: string }).code}: ${String(error)}`;
      }
    };
    expect(codeOf(p12, 'wrong')).toMatch(/^KAFKA_BAD_CERTIFICATE.*the password does not open it/);
    expect(codeOf(Buffer.from('hello'))).toMatch(/^KAFKA_BAD_CERTIFICATE.*found neither/);
    for (const end of [13, 40, 200]) expect(codeOf(p12.subarray(0, end))).toMatch(/^KAFKA_BAD_CERTIFICATE/);
    const jks = readFileSync(at('trust.jks'));
    for (const end of [13, 40, 200]) expect(codeOf(jks.subarray(0, end))).toMatch(/^KAFKA_BAD_CERTIFICATE/);
    expect([storeKind(p12), storeKind(jks), storeKind(Buffer.from(certificates.ca))]).toEqual(['PKCS12', 'JKS', 'PEM']);
  });
});

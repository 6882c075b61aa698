import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { mappedName, principalMappingIn } from '../principal-mapping.ts';
import { subjectOf } from './distinguished-name.ts';
import { issueCertificate, makeAuthority } from './make-certificate.ts';
import { chainOf, readPem } from './pem-store.ts';
import { readPkcs12 } from './pkcs12.ts';

const validity = { validFromMs: Date.now() - 60_000, validToMs: Date.now() + 86_400_000 };

function authority() {
  return makeAuthority({ name: 'our own', serial: Buffer.alloc(16, 7), ...validity });
}

it('makes certificates that hold for the hosts they are made for', () => {
  const ca = authority();
  const hosts = ['localhost', '127.0.0.1', '::1'];
  const { certificate, privateKey } = issueCertificate(ca, {
    name: 'broker, 1',
    hosts,
    serial: Buffer.alloc(16, 9),
    ...validity,
  });
  const [issuer, issued] = [ca.certificate, certificate].map((pem) => new X509Certificate(pem)) as [
    X509Certificate,
    X509Certificate,
  ];
  expect([issuer.ca, issued.ca, issued.checkIssued(issuer), issued.verify(issuer.publicKey)]).toEqual([
    true,
    false,
    true,
    true,
  ]);
  expect([issued.checkHost('localhost'), issued.checkIP('127.0.0.1'), issued.checkIP('::1')]).toEqual(hosts);
  expect(issued.checkIP('127.0.0.2')).toBeUndefined();
  expect(subjectOf(issued)).toBe('CN=broker\\, 1');
  expect(chainOf(readPem(`${ca.certificate}${certificate}${privateKey}`, undefined))).toEqual(
    [certificate, ca.certificate].map((pem) => pem.trim()),
  );
});

const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

it.skipIf(!hasOpenssl)(
  `reads stores that openssl makes${hasOpenssl ? '' : ' (skipped: no openssl command)'}, and no others`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'stores-'));
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
    try {
      const ca = authority();
      writeFileSync(join(folder, 'key.pem'), ca.privateKey);
      writeFileSync(join(folder, 'ca.pem'), ca.certificate);
      openssl('pkcs12', '-export', '-inkey', 'key.pem', '-in', 'ca.pem', '-out', 'keys.p12', '-passout', 'pass:pw');
      openssl('pkcs12', '-export', '-nokeys', '-in', 'ca.pem', '-out', 'trust.p12', '-passout', 'pass:pw');
      const read = (name: string, password: string) => readPkcs12(readFileSync(join(folder, name)), password);
      expect(chainOf(read('keys.p12', 'pw'))).toEqual([ca.certificate]);
      expect(read('trust.p12', 'pw')).toEqual({ certificates: [ca.certificate] });
      expect(() => read('trust.p12', 'wrong')).toThrow();
      for (const length of [0, 1, 10, 100])
        expect(() => readPkcs12(readFileSync(join(folder, 'keys.p12')).subarray(0, length), 'pw')).toThrow();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

it.each([
  ['DEFAULT', 'CN=carol,OU=Dev', 'CN=carol,OU=Dev'],
  ['RULE:^CN=(.*?),OU=(.*?),O=.*$/$1@$2/L', 'CN=carol,OU=Dev,O=Acme,C=DE', 'carol@dev'],
  ['RULE:^CN=(.*?)$/$1/,DEFAULT', 'CN=carol,OU=Dev', 'carol,OU=Dev'],
  ['RULE:CN=([^,]*),.*/$1/U , DEFAULT', 'CN=carol,OU=Dev', 'CAROL'],
  ['RULE:CN=(\\d+)/$1/,RULE:CN=(a\\/b)/x$1/', 'CN=a/b', 'xa/b'],
  ['RULE:CN=(\\d+)/$1/', 'CN=carol', undefined],
])('maps names by %s', (rules, name, expected) => {
  expect(mappedName(name, principalMappingIn(rules) ?? [])).toBe(expected);
});

it.each(['RULE:a', 'RULE:(/b/', 'SOMETHING', 'RULE:a/b/X'])('refuses the rule %s', (rules) => {
  expect(principalMappingIn(rules)).toBeUndefined();
});

import { randomBytes, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { MillraceError } from '../../../../base/errors.ts';
import type { CertifiedKey } from '../../../security/certificates/make-certificate.ts';
import { issueCertificate, makeAuthority } from '../../../security/certificates/make-certificate.ts';

const dayMs = 86_400_000;
const authorityDays = 3_650;
/** What clients take at most of a certificate of a server. */
const certificateDays = 397;
/** A certificate with less time left is made anew at a start. */
const renewalDays = 60;
/** A clock that is a little behind should not find a certificate of the future. */
const earlyMs = 3_600_000;
const serialBytes = 16;

/** The files of a secured cluster, in `security` in its folder: readable by its user only. */
export function securityFiles(dataFolder: string) {
  const folder = join(dataFolder, 'security');
  return {
    folder,
    authority: join(folder, 'ca.pem'),
    authorityKey: join(folder, 'ca.key'),
    /** Private key and certificate. */
    brokerKeys: (brokerId: number) => join(folder, `broker-${brokerId}.pem`),
    clientProperties: join(folder, 'client.properties'),
    kcatConfig: join(folder, 'kcat.conf'),
  };
}

/** Writes a file that its user alone may read, from its first byte on. */
export function writePrivate(path: string, text: string): void {
  const partial = `${path}.partial`;
  rmSync(partial, { force: true });
  writeFileSync(partial, text, { mode: 0o600, flag: 'wx' });
  renameSync(partial, path);
}

/**
 * Makes what is missing of a cluster's authority and of its brokers' certificates, and those anew that end soon or are not for `host`.
 * @throws MillraceError `SECURITY_FILES_LOST` where there are certificates and no key to sign others with
 */
export function ensureCertificates(
  dataFolder: string,
  brokers: readonly { readonly id: number }[],
  host: string,
  nowMs: number,
): void {
  const files = securityFiles(dataFolder);
  mkdirSync(files.folder, { recursive: true, mode: 0o700 });
  const authority = ensureAuthority(files, nowMs);
  const hosts = [...new Set(['localhost', hostname(), '127.0.0.1', '::1', host])].filter(
    (name) => name !== '0.0.0.0' && name !== '::',
  );
  for (const { id } of brokers) {
    const path = files.brokerKeys(id);
    if (existsSync(path) && isGood(readFileSync(path, 'utf8'), hosts, nowMs)) continue;
    const keys = issueCertificate(authority, {
      ...validity(nowMs, certificateDays),
      name: `broker-${id}`,
      hosts,
      serial: randomBytes(serialBytes),
    });
    writePrivate(path, keys.privateKey + keys.certificate);
  }
}

function ensureAuthority(
  { authority, authorityKey, folder }: ReturnType<typeof securityFiles>,
  nowMs: number,
): CertifiedKey {
  if (existsSync(authority) && existsSync(authorityKey))
    return { certificate: readFileSync(authority, 'utf8'), privateKey: readFileSync(authorityKey, 'utf8') };
  if (existsSync(authority))
    throw new MillraceError(
      'SECURITY_FILES_LOST',
      `expected the key of the authority in ${folder}, found its certificate alone`,
    );
  const made = makeAuthority({
    ...validity(nowMs, authorityDays),
    name: 'Millrace cluster authority',
    serial: randomBytes(serialBytes),
  });
  writePrivate(authorityKey, made.privateKey);
  writePrivate(authority, made.certificate);
  return made;
}

function validity(nowMs: number, days: number) {
  return { validFromMs: nowMs - earlyMs, validToMs: nowMs + days * dayMs };
}

function isGood(pem: string, hosts: readonly string[], nowMs: number): boolean {
  const certificate = new X509Certificate(pem.slice(pem.indexOf('-----BEGIN CERTIFICATE-----')));
  const isLate = certificate.validToDate.getTime() - nowMs < renewalDays * dayMs;
  return !isLate && hosts.every((host) => (certificate.checkHost(host) ?? certificate.checkIP(host)) !== undefined);
}

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** PEM texts of a small authority, for tests of TLS. */
export interface TestCertificates {
  readonly ca: string;
  /** For `localhost` and 127.0.0.1. */
  readonly server: { readonly certificate: string; readonly key: string };
  readonly client: { readonly certificate: string; readonly key: string };
  /** An authority that signed none of these. */
  readonly otherCa: string;
}

/** Why there can be no certificates here: undefined where the `openssl` command is. */
export function whyNoCertificates(): string | undefined {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'no openssl command';
  }
}

/** Makes them anew, valid for a day. */
export function makeCertificates(): TestCertificates {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  const run = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  try {
    for (const name of ['ca', 'other'])
      run(
        'req',
        '-x509',
        ...newKey,
        '-days',
        '1',
        '-subj',
        `/CN=${name}`,
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.pem`,
      );
    const issue = (name: string) => {
      run(
        'req',
        ...newKey,
        '-subj',
        `/CN=${name}`,
        '-addext',
        'subjectAltName=DNS:localhost,IP:127.0.0.1',
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.csr`,
      );
      const signing = [
        '-CA',
        'ca.pem',
        '-CAkey',
        'ca.key',
        '-CAcreateserial',
        '-days',
        '1',
        '-copy_extensions',
        'copy',
      ];
      run('x509', '-req', '-in', `${name}.csr`, ...signing, '-out', `${name}.pem`);
      return { certificate: read(`${name}.pem`), key: read(`${name}.key`) };
    };
    return { ca: read('ca.pem'), otherCa: read('other.pem'), server: issue('server'), client: issue('client') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { MillraceError, messageOf } from '../../../../base/errors.ts';
import { subjectOf } from '../../../security/certificates/distinguished-name.ts';
import type { StoredKeys } from '../../../security/certificates/pem-store.ts';
import { chainOf, readPem } from '../../../security/certificates/pem-store.ts';
import { readPkcs12 } from '../../../security/certificates/pkcs12.ts';
import { listsOf } from '../../config/listener-protocol.ts';
import type { ListenerSettings } from '../../config/listener-settings.ts';

/** What a listener shows, and whom it trusts; all of it PEM. */
export interface TlsIdentity {
  readonly privateKey: string;
  /** Its own certificate, then who signed it. */
  readonly chain: readonly string[];
  /** Empty: the authorities that Node trusts. */
  readonly authorities: readonly string[];
  readonly versions: readonly string[];
}

/**
 * Reads the key and trust store of a listener.
 * @throws MillraceError `TLS_STORE_INVALID` where one cannot be read, or has no key
 */
export function readTlsIdentity(settings: ListenerSettings): TlsIdentity {
  const inline = settings.optional('ssl.keystore.key');
  const keys = inside('key store', settings.text('ssl.keystore.location'), () => {
    const found =
      inline === undefined
        ? readStore(settings, 'keystore')
        : readPem(
            `${inline}\n${settings.text('ssl.keystore.certificate.chain')}`,
            settings.optional('ssl.key.password'),
          );
    return { privateKey: found.privateKey ?? '', chain: chainOf(found) };
  });
  const trusted = inside('trust store', settings.text('ssl.truststore.location'), () => {
    const texts = settings.optional('ssl.truststore.certificates');
    if (texts !== undefined) return readPem(texts, undefined).certificates;
    return settings.optional('ssl.truststore.location') === undefined
      ? []
      : readStore(settings, 'truststore').certificates;
  });
  return { ...keys, authorities: trusted, versions: listsOf(settings.text('ssl.enabled.protocols')) };
}

function readStore(settings: ListenerSettings, kind: 'keystore' | 'truststore'): StoredKeys {
  const bytes = readFileSync(settings.text(`ssl.${kind}.location`));
  const keyPassword = settings.optional('ssl.key.password');
  if (settings.text(`ssl.${kind}.type`) === 'PEM') return readPem(bytes.toString('utf8'), keyPassword);
  if (bytes.subarray(0, 4).toString('hex') === 'feedfeed')
    throw new Error(
      'expected PKCS #12 or PEM, found a store of the old kind; convert it with keytool -importkeystore -deststoretype pkcs12',
    );
  return readPkcs12(bytes, settings.text(`ssl.${kind}.password`));
}

function inside<T>(what: string, path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const place = path === '' ? '' : ` ${path}`;
    throw new MillraceError('TLS_STORE_INVALID', `cannot read the ${what}${place}: ${messageOf(cause)}`, { cause });
  }
}

/** What clients have come to know of a certificate, and should not find changed by mistake. */
export function identityChange(
  before: TlsIdentity,
  after: TlsIdentity,
  settings: ListenerSettings,
): string | undefined {
  const [old, next] = [before, after].map(({ chain }) => new X509Certificate(chain[0] ?? ''));
  if (!old || !next) return undefined;
  if (!settings.flag('ssl.allow.dn.changes') && subjectOf(old) !== subjectOf(next))
    return `Keystore DistinguishedName does not match: expected ${subjectOf(old)}, found ${subjectOf(next)}`;
  if (!settings.flag('ssl.allow.san.changes') && !hasAllNames(old, next))
    return `Keystore SubjectAltNames do not match: expected ${old.subjectAltName}, found ${next.subjectAltName}`;
  return undefined;
}

/** Kafka asks for the old names to be among the new ones. */
function hasAllNames(old: X509Certificate, next: X509Certificate): boolean {
  const namesOf = ({ subjectAltName = '' }: X509Certificate) => subjectAltName.split(', ');
  return namesOf(old).every((name) => namesOf(next).includes(name));
}

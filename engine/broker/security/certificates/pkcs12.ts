import { createDecipheriv, createPrivateKey, pbkdf2Sync } from 'node:crypto';
import type { DerElement } from './der.ts';
import { derElement, derElements, derTags, oidText } from './der.ts';
import type { StoredKeys } from './pem-store.ts';

/** Object identifiers of PKCS #12, #7 and #5 (RFC 7292, 5652, 8018). */
const oids = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certBag: '1.2.840.113549.1.12.10.1.3',
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
} as const;
const hashes: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.2.7', 'sha1'],
  ['1.2.840.113549.2.9', 'sha256'],
  ['1.2.840.113549.2.10', 'sha384'],
  ['1.2.840.113549.2.11', 'sha512'],
]);
const ciphers: ReadonlyMap<string, { readonly name: string; readonly keyBytes: number }> = new Map([
  ['2.16.840.1.101.3.4.1.2', { name: 'aes-128-cbc', keyBytes: 16 }],
  ['2.16.840.1.101.3.4.1.22', { name: 'aes-192-cbc', keyBytes: 24 }],
  ['2.16.840.1.101.3.4.1.42', { name: 'aes-256-cbc', keyBytes: 32 }],
  ['1.2.840.113549.3.7', { name: 'des-ede3-cbc', keyBytes: 24 }],
]);
/** A file may ask for no more work than this. */
const iterationsMax = 10_000_000;

/**
 * Key and certificates of a PKCS #12 store, as keytool and OpenSSL write it since 2021 (PBES2), as PEM. Stores of trusted certificates
 * have no key. Older ones, encrypted with RC2, are refused.
 * @throws Error that says what was expected
 */
export function readPkcs12(bytes: Buffer, password: string): StoredKeys {
  const [, authSafe] = derElements(derElement(bytes).content);
  const keys: string[] = [];
  const certificates: string[] = [];
  for (const safe of derElements(derElement(dataOf(authSafe, password)).content)) {
    for (const bag of derElements(derElement(dataOf(safe, password)).content)) {
      const [type, value] = derElements(bag.content);
      const kind = oidOf(type);
      if (kind === oids.certBag) certificates.push(certificateIn(inside(value)));
      if (kind === oids.shroudedKeyBag || kind === oids.keyBag) keys.push(keyIn(inside(value), password));
    }
  }
  return { ...(keys[0] !== undefined && { privateKey: keys[0] }), certificates };
}

/** What a part of the store holds, whether it is encrypted or not. */
function dataOf(info: DerElement | undefined, password: string): Buffer {
  const [type, explicit] = derElements(inside(info));
  const kind = oidOf(type);
  if (kind === oids.data) return derElement(inside(explicit)).content;
  if (kind !== oids.encryptedData) throw new Error(`expected data of PKCS #12, found content of type ${kind}`);
  const [, encryptedContent] = derElements(derElement(inside(explicit)).content);
  const [, algorithm, encrypted] = derElements(inside(encryptedContent));
  if (!algorithm || !encrypted) throw new Error('expected encrypted data of PKCS #12, found none');
  return decrypt(algorithm, encrypted.content, password);
}

function inside(element: DerElement | undefined): Buffer {
  if (!element) throw new Error('expected a PKCS #12 store, found something else');
  return element.content;
}

function oidOf(element: DerElement | undefined): string {
  return oidText(inside(element));
}

function decrypt(algorithm: DerElement, encrypted: Buffer, password: string): Buffer {
  const [type, parameters] = derElements(algorithm.content);
  const kind = oidOf(type);
  if (kind !== oids.pbes2)
    throw new Error(
      `expected a store encrypted with AES (PBES2), found ${kind}; write it anew with keytool -importkeystore of Java 17 or openssl pkcs12`,
    );
  const [derivation, scheme] = derElements(inside(parameters));
  const [cipherType, iv] = derElements(inside(scheme));
  const cipher = ciphers.get(oidOf(cipherType));
  if (!cipher || !iv) throw new Error('expected AES or 3DES in CBC mode, found another cipher');
  const key = derivedKey(derivation, password, cipher.keyBytes);
  const decipher = createDecipheriv(cipher.name, key, iv.content);
  return Buffer.concat([decipher.update(encrypted), decipher.final()]);
}

function derivedKey(derivation: DerElement | undefined, password: string, keyBytes: number): Buffer {
  const [type, fields] = derElements(inside(derivation));
  if (oidOf(type) !== oids.pbkdf2) throw new Error('expected a key made by PBKDF2, found another way');
  const [salt, iterations, ...rest] = derElements(inside(fields));
  const hashField = rest.find(({ tag }) => tag === derTags.sequence);
  const hash = hashField ? hashes.get(oidOf(derElements(hashField.content)[0])) : 'sha1';
  const size = iterations?.content.length ?? 0;
  const rounds = size > 0 && size <= 4 ? inside(iterations).readUIntBE(0, size) : 0;
  if (hash === undefined || rounds < 1 || rounds > iterationsMax)
    throw new Error(`expected PBKDF2 of up to ${iterationsMax} rounds with a SHA hash, found something else`);
  return pbkdf2Sync(password, inside(salt), rounds, keyBytes, hash);
}

function certificateIn(bag: Buffer): string {
  const [, explicit] = derElements(derElement(bag).content);
  return pemOf('CERTIFICATE', derElement(inside(explicit)).content);
}

function keyIn(bag: Buffer, password: string): string {
  const key = createPrivateKey({ key: derElement(bag).raw, format: 'der', type: 'pkcs8', passphrase: password });
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** Bytes as PEM under a label: `CERTIFICATE`. */
export function pemOf(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

import type { DerValue } from './der.ts';
import { derAt, derTag, derValues, objectIdOf } from './der.ts';

/* PKCS #12 (RFC 7292), as far as certificates go: plain bags, and those that PBES2 protects, as keytool has written them since Java 17. */

const oid = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  certBag: '1.2.840.113549.1.12.10.1.3',
  x509: '1.2.840.113549.1.9.22.1',
  pbes2: '1.2.840.113549.1.5.13',
} as const;
const digests: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};
const ciphers: Readonly<Record<string, { readonly name: string; readonly keyBytes: number }>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyBytes: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyBytes: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyBytes: 32 },
  '1.2.840.113549.3.7': { name: 'des-ede3-cbc', keyBytes: 24 },
};
/** A file must not keep us busy for ever: Java writes 10,000. */
const iterationsMax = 5_000_000;

/** The certificates of a PKCS #12 file, in DER. Throws an Error that says what was expected. */
export function pkcs12Certificates(file: Buffer, password: string): Buffer[] {
  const authSafe = contentOf(derAt(file, [0, 1]), oid.data);
  return derValues(derAt(authSafe, [0]).content).flatMap((info) => {
    const kind = objectIdOf(derAt(info.content, [0]));
    if (kind === oid.data) return certificatesIn(contentOf(info, oid.data));
    if (kind === oid.encryptedData) return certificatesIn(decrypted(derAt(info.content, [1, 0, 1]), password));
    throw new Error(`expected data or encrypted data, found ${kind}`);
  });
}

/** The octets of a ContentInfo of this kind. */
function contentOf({ content }: DerValue, kind: string): Buffer {
  const found = objectIdOf(derAt(content, [0]));
  if (found !== kind) throw new Error(`expected content ${kind}, found ${found}`);
  return derAt(content, [1, 0]).content;
}

function certificatesIn(safeContents: Buffer): Buffer[] {
  return derValues(derAt(safeContents, [0]).content).flatMap(({ content }) => {
    if (objectIdOf(derAt(content, [0])) !== oid.certBag) return [];
    const bag = derAt(content, [1, 0]).content;
    return objectIdOf(derAt(bag, [0])) === oid.x509 ? [derAt(bag, [1, 0]).content] : [];
  });
}

/** EncryptedContentInfo of RFC 5652, with PBES2 of RFC 8018. */
function decrypted({ content }: DerValue, password: string): Buffer {
  const [, algorithm, body] = derValues(content);
  if (!algorithm || !body) throw new Error('expected encrypted content');
  const scheme = objectIdOf(derAt(algorithm.content, [0]));
  if (scheme !== oid.pbes2)
    throw new Error(`expected protection with PBES2 (keytool of Java 17 or newer), found ${scheme}`);
  const [derivation, encryption] = derValues(derAt(algorithm.content, [1]).content);
  if (!derivation || !encryption) throw new Error('expected the parameters of PBES2');
  const cipherId = objectIdOf(derAt(encryption.content, [0]));
  const cipher = ciphers[cipherId];
  if (!cipher) throw new Error(`expected AES or 3DES, found ${cipherId}`);
  const key = keyFrom(derAt(derivation.content, [1]), password, cipher.keyBytes);
  // Loaded only where such a file is read.
  const { createDecipheriv } = process.getBuiltinModule('node:crypto');
  const decipher = createDecipheriv(cipher.name, key, derAt(encryption.content, [1]).content);
  // Octets in one piece, or in several behind each other.
  const octets = body.tag & 0x20 ? Buffer.concat(derValues(body.content).map((part) => part.content)) : body.content;
  try {
    return Buffer.concat([decipher.update(octets), decipher.final()]);
  } catch (cause) {
    throw new Error('the password does not open it', { cause });
  }
}

function keyFrom({ content }: DerValue, password: string, keyBytes: number): Buffer {
  const [salt, count, ...more] = derValues(content);
  if (!salt || !count) throw new Error('expected salt and iterations');
  const iterations = count.content.readUIntBE(0, Math.min(6, count.content.length));
  if (iterations < 1 || iterations > iterationsMax)
    throw new Error(`expected 1 to ${iterationsMax} iterations, found ${iterations}`);
  const named = more.find(({ tag }) => tag === derTag.sequence);
  const digest = named ? digests[objectIdOf(derAt(named.content, [0]))] : 'sha1';
  if (digest === undefined) throw new Error('expected HMAC with SHA-1 or SHA-2');
  return process.getBuiltinModule('node:crypto').pbkdf2Sync(password, salt.content, iterations, keyBytes, digest);
}

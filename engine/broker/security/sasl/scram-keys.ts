import { createHash, createHmac } from 'node:crypto';
import type { ScramMechanism } from './sasl-mechanism.ts';
import { scramMechanisms } from './sasl-mechanism.ts';

/** What a broker keeps of a password: enough to tell who knows it, not enough to log in elsewhere. */
export interface ScramCredential {
  readonly salt: Buffer;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
  readonly iterations: number;
}

export function scramHmac(mechanism: ScramMechanism, key: Buffer, text: string): Buffer {
  return createHmac(scramMechanisms[mechanism].hash, key).update(text).digest();
}

export function scramHash(mechanism: ScramMechanism, bytes: Buffer): Buffer {
  return createHash(scramMechanisms[mechanism].hash).update(bytes).digest();
}

/** The keys that a salted password gives (RFC 5802, section 3). */
export function scramKeys(mechanism: ScramMechanism, saltedPassword: Buffer) {
  return {
    storedKey: scramHash(mechanism, scramHmac(mechanism, saltedPassword, 'Client Key')),
    serverKey: scramHmac(mechanism, saltedPassword, 'Server Key'),
  };
}

import { pbkdf2Sync, randomBytes } from 'node:crypto';
import type { ScramMechanism } from '../../../security/sasl/sasl-mechanism.ts';
import { scramMechanisms } from '../../../security/sasl/sasl-mechanism.ts';
import { scramKeys } from '../../../security/sasl/scram-keys.ts';
import type { BootstrapUser } from '../../config/bootstrap-users.ts';

const saltBytes = 24;
/** Kafka's least and default. */
const iterationsStandard = 4_096;
const hashBytes = { 'SCRAM-SHA-256': 32, 'SCRAM-SHA-512': 64 } as const satisfies Record<ScramMechanism, number>;

export interface UserRequest {
  readonly name: string;
  readonly password: string;
  readonly mechanism: ScramMechanism;
  readonly iterations?: number;
  readonly salt?: Buffer;
}

/** What a cluster keeps of a user that it is made with. */
export function bootstrapUser({
  name,
  password,
  mechanism,
  iterations = iterationsStandard,
  salt,
}: UserRequest): BootstrapUser {
  const ownSalt = salt ?? randomBytes(saltBytes);
  const { hash } = scramMechanisms[mechanism];
  const keys = scramKeys(mechanism, pbkdf2Sync(password, ownSalt, iterations, hashBytes[mechanism], hash));
  return {
    name,
    mechanism,
    iterations,
    salt: ownSalt.toString('base64'),
    storedKey: keys.storedKey.toString('base64'),
    serverKey: keys.serverKey.toString('base64'),
  };
}

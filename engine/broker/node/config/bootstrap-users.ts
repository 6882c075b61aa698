import type { ScramMechanism } from '../../security/sasl/sasl-mechanism.ts';
import { scramMechanisms } from '../../security/sasl/sasl-mechanism.ts';
import type { ScramCredential } from '../../security/sasl/scram-keys.ts';
import type { FieldReader } from './field-reader.ts';

const usersMax = 1_000;
const iterationsMax = 16_384;
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** A user that a cluster is made with: written into the metadata when they are empty. Keys and salt in base64. */
export interface BootstrapUser {
  readonly name: string;
  readonly mechanism: ScramMechanism;
  readonly iterations: number;
  readonly salt: string;
  readonly storedKey: string;
  readonly serverKey: string;
}

/** The same as the metadata hold it. */
export interface BootstrapCredential {
  readonly name: string;
  readonly mechanism: ScramMechanism;
  readonly credential: ScramCredential;
}

/** The users in a broker file; none where it has none. */
export function readBootstrapUsers(fields: FieldReader): readonly BootstrapCredential[] {
  if (!fields.has('bootstrapUsers')) return [];
  return fields.list('bootstrapUsers', usersMax).map((user) => {
    const bytes = (name: string) => Buffer.from(user.text(name, base64, 'base64'), 'base64');
    const mechanism = user.text('mechanism', /^SCRAM-SHA-(256|512)$/, Object.keys(scramMechanisms).join(' or '));
    return {
      name: user.text('name'),
      mechanism: mechanism as ScramMechanism,
      credential: {
        iterations: user.wholeNumber('iterations', 1, iterationsMax),
        salt: bytes('salt'),
        storedKey: bytes('storedKey'),
        serverKey: bytes('serverKey'),
      },
    };
  });
}

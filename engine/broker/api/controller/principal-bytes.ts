import { decode, encodeToBuffer } from '../../../protocol/codec.ts';
import { defaultPrincipalData } from '../../../protocol/schemas/records/default-principal-data.ts';
import type { Principal } from '../../security/principal.ts';

const version = 0;
const versionBytes = 2;

/** A principal as an envelope carries it, in Kafka's own form. */
export function principalToBytes({ type, name }: Principal): Buffer {
  const head = Buffer.alloc(versionBytes);
  head.writeInt16BE(version);
  return Buffer.concat([
    head,
    encodeToBuffer(defaultPrincipalData, version, { type, name, tokenAuthenticated: false }),
  ]);
}

/** @throws DecodeError */
export function principalFromBytes(bytes: Buffer): Principal {
  const { type, name } = decode(defaultPrincipalData, version, bytes, versionBytes);
  return { type, name };
}

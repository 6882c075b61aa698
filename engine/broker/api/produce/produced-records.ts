import { errorCode } from '../../../protocol/error-codes.ts';
import type { AppendReply } from '../../replica/append/append-reply.ts';
import { refusedAppend } from '../../replica/append/append-reply.ts';

const magicByte = 16;
const currentMagic = 2;
/** Position of the attributes' low byte in a record batch, and what is read there. */
const attributesByte = 22;
const codecMask = 7;
const zstdCodec = 4;
const transactionalBit = 16;
/** First version in which a producer may compress with zstd (KIP-110). */
const zstdSinceVersion = 7;

/** What a producer may not send, as far as the request decides it; the log checks the batch itself. */
export function checkProducedRecords(
  records: Buffer | null,
  transactionalId: string | null,
  apiVersion: number,
): AppendReply | undefined {
  if (!records || records.length <= attributesByte)
    return refusedAppend(errorCode.INVALID_RECORD, 'expected one record batch for each partition, found none');
  if (records[magicByte] !== currentMagic) return undefined; // the log says what it is
  const attributes = records[attributesByte] as number;
  if ((attributes & codecMask) === zstdCodec && apiVersion < zstdSinceVersion)
    return refusedAppend(
      errorCode.UNSUPPORTED_COMPRESSION_TYPE,
      `zstd needs Produce version ${zstdSinceVersion} or later, found ${apiVersion}`,
    );
  if (transactionalId === null && (attributes & transactionalBit) !== 0)
    return refusedAppend(
      errorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
      'transactional records need a transactional id',
    );
  return undefined;
}

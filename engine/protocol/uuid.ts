/** Kafka's base64url form of a uuid: 22 characters, the last two bits of the last one are zero. */
export const zeroUuid = 'AAAAAAAAAAAAAAAAAAAAAA';

/** First of Kafka's reserved ids; names the metadata topic `__cluster_metadata`. */
export const metadataTopicId = 'AAAAAAAAAAAAAAAAAAAAAQ';

const uuidForm = /^[A-Za-z0-9_-]{21}[AQgw]$/;

export function isUuid(text: string): boolean {
  return uuidForm.test(text);
}

/** From the 16 random bytes that the caller supplies to a version 4 (RFC 9562) uuid in Kafka's form. */
export function uuidFromRandom(bytes: Uint8Array): string {
  const raw = Buffer.from(bytes.subarray(0, 16));
  if (raw.length !== 16) throw new Error(`expected 16 random bytes for a uuid, found ${raw.length}`);
  raw[6] = ((raw[6] ?? 0) & 0x0f) | 0x40;
  raw[8] = ((raw[8] ?? 0) & 0x3f) | 0x80;
  return raw.toString('base64url');
}

import type { ConnectionRef, Message } from '../../../engine/studio/contract.ts';
import type { StudioClient } from '../../store/client.ts';
import { refOf } from './use-messages.ts';

/** A window holds so much of one message for a download, bytes. */
export const downloadBytesMax = 256 * 1024 * 1024;

/** The bytes of a message's value as they were sent, as base64 (RFC 4648). Read in pieces, so that no answer is too large. */
export async function readBytes(
  client: StudioClient,
  connection: ConnectionRef | undefined,
  { topic, partition, offset }: Pick<Message, 'topic' | 'partition' | 'offset'>,
): Promise<string> {
  const pieces: string[] = [];
  for (let from = 0; ; ) {
    const place = { ...refOf(connection), topic, partition, offset };
    const { contentBase64, sizeBytes } = await client.call('topics.bytes', { ...place, part: 'value', from });
    if (sizeBytes > downloadBytesMax)
      throw new Error(
        `expected at most ${downloadBytesMax / 1024 / 1024} MiB, found ${Math.ceil(sizeBytes / 1024 / 1024)} MiB; take it with millrace receive`,
      );
    pieces.push(contentBase64);
    from += bytesIn(contentBase64);
    if (from >= sizeBytes || contentBase64 === '') return pieces.join('');
  }
}

function bytesIn(base64: string): number {
  return (base64.length / 4) * 3 - (base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0);
}

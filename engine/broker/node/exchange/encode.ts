import { encodeResponseFrame } from '../../../protocol/frame.ts';
import type { MessageInput, MessageSchema } from '../../../protocol/schema.ts';
import type { StepOut } from './step.ts';

const sizeFieldBytes = 4;

/** Hands the response to its place in the queue. A request without a response only frees the place. */
export const encode: StepOut = ({ route, response, header, slot }) => {
  if (response === undefined || !route) {
    slot.complete(undefined);
    return;
  }
  const { apiVersion, correlationId } = header;
  const body = response as MessageInput<MessageSchema>;
  slot.complete(withoutSize(encodeResponseFrame(route.handler.response, apiVersion, correlationId, body)));
};

/** A FrameConnection adds the size of a frame itself. */
export function withoutSize(chunks: Buffer[]): readonly Uint8Array[] {
  const first = chunks[0];
  if (first !== undefined) chunks[0] = first.subarray(sizeFieldBytes);
  return chunks;
}

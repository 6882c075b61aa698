import { encodeResponseFrame } from '../../../protocol/frame.ts';
import type { MessageInput, MessageSchema } from '../../../protocol/schema.ts';
import type { Exchange } from './exchange.ts';
import type { StepOut } from './step.ts';

const sizeFieldBytes = 4;

/** Hands the response to its place in the queue. A request without a response only frees the place. */
export const encode: StepOut = (exchange) => {
  const { parts, response, slot } = exchange;
  const { quotas, clock } = parts;
  const startedMs = quotas.timesRequests ? clock.monotonic() : 0;
  slot.complete(response === undefined ? undefined : encoded(exchange));
  if (quotas.timesRequests) quotas.sent(exchange, clock.monotonic() - startedMs);
};

/** Bytes of the response, header and body. */
export function responseBytes(exchange: Exchange): number {
  let bytes = 0;
  for (const chunk of encoded(exchange)) bytes += chunk.length;
  return bytes;
}

/** The response as it goes out, made once. */
function encoded(exchange: Exchange): readonly Uint8Array[] {
  const { route, response, header } = exchange;
  if (!exchange.encoded && route)
    exchange.encoded = withoutSize(
      encodeResponseFrame(
        route.handler.response,
        header.apiVersion,
        header.correlationId,
        response as MessageInput<MessageSchema>,
      ),
    );
  return exchange.encoded ?? [];
}

/** A FrameConnection adds the size of a frame itself. */
export function withoutSize(chunks: Buffer[]): readonly Uint8Array[] {
  const first = chunks[0];
  if (first !== undefined) chunks[0] = first.subarray(sizeFieldBytes);
  return chunks;
}

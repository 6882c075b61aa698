import { advertisedApis } from '../../../protocol/api-keys.ts';
import { decode as decodeMessage } from '../../../protocol/codec.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import { encodeResponseFrame } from '../../../protocol/frame.ts';
import { apiVersionsResponse } from '../../../protocol/schemas/18-api-versions.ts';
import { withoutSize } from './encode.ts';
import type { Exchange } from './exchange.ts';
import type { StepIn, StepOutcome } from './step.ts';

/** Finds the handler and reads the message. What cannot be read closes the connection. */
export const decode: StepIn = (exchange, frame) => {
  const { header, parts, apiVersion } = exchange;
  const route = parts.routes.get(header.apiKey);
  if (!route || apiVersion < route.api.versionMin || apiVersion > route.api.versionMax) return unserved(exchange);
  exchange.route = route;
  try {
    exchange.request = decodeMessage(route.handler.request, apiVersion, frame, header.bodyOffset);
  } catch (error) {
    exchange.drop('a request that cannot be read', { error });
    return 'over';
  }
  return 'next';
};

/** A client newer than this broker asks with a version unknown here: it gets the range of ApiVersions in the oldest form and asks again. */
function unserved(exchange: Exchange): StepOutcome {
  if (exchange.apiKey !== apiVersionsResponse.key) {
    exchange.drop('an API or version that is not served', {});
    return 'over';
  }
  const apiKeys = advertisedApis().filter(({ apiKey }) => apiKey === apiVersionsResponse.key);
  const response = { errorCode: errorCode.UNSUPPORTED_VERSION, apiKeys };
  exchange.slot.complete(
    withoutSize(encodeResponseFrame(apiVersionsResponse, 0, exchange.header.correlationId, response)),
  );
  return 'over';
}

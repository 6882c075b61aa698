import type { Api } from './api-keys.ts';
import type { MessageSchema } from './schema.ts';
import { shareGroupHeartbeatRequest, shareGroupHeartbeatResponse } from './schemas/76-share-group-heartbeat.ts';
import { shareGroupDescribeRequest, shareGroupDescribeResponse } from './schemas/77-share-group-describe.ts';
import { shareFetchRequest, shareFetchResponse } from './schemas/78-share-fetch.ts';
import { shareAcknowledgeRequest, shareAcknowledgeResponse } from './schemas/79-share-acknowledge.ts';
import {
  describeShareGroupOffsetsRequest,
  describeShareGroupOffsetsResponse,
} from './schemas/90-describe-share-group-offsets.ts';

function spoken<Request extends MessageSchema, Response extends MessageSchema>(
  request: Request,
  response: Response,
): Api<Request, Response> {
  const { min, max } = request.versions;
  return {
    key: request.key,
    name: request.name.replace(/Request$/, ''),
    request,
    response,
    versionMin: min,
    versionMax: max,
    advertisedMin: min,
    advertisedMax: max,
    firstFlexible: request.flexible.min,
    audience: 'client',
  };
}

/** APIs that our client speaks with other clusters and that our broker does not serve; see `apis` for the rest. */
export const clientApis = {
  shareGroupHeartbeat: spoken(shareGroupHeartbeatRequest, shareGroupHeartbeatResponse),
  shareGroupDescribe: spoken(shareGroupDescribeRequest, shareGroupDescribeResponse),
  shareFetch: spoken(shareFetchRequest, shareFetchResponse),
  shareAcknowledge: spoken(shareAcknowledgeRequest, shareAcknowledgeResponse),
  describeShareGroupOffsets: spoken(describeShareGroupOffsetsRequest, describeShareGroupOffsetsResponse),
} as const;

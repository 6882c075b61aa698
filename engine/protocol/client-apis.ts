import type { Api } from './api-keys.ts';
import type { MessageSchema } from './schema.ts';
import { saslHandshakeRequest, saslHandshakeResponse } from './schemas/17-sasl-handshake.ts';
import { saslAuthenticateRequest, saslAuthenticateResponse } from './schemas/36-sasl-authenticate.ts';

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
  saslHandshake: spoken(saslHandshakeRequest, saslHandshakeResponse),
  saslAuthenticate: spoken(saslAuthenticateRequest, saslAuthenticateResponse),
} as const;

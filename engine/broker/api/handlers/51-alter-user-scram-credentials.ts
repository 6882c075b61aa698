import { apis } from '../../../protocol/api-keys.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import type { AlterUserScramCredentialsRequest } from '../../../protocol/schemas/51-alter-user-scram-credentials.ts';
import {
  alterUserScramCredentialsRequest,
  alterUserScramCredentialsResponse,
} from '../../../protocol/schemas/51-alter-user-scram-credentials.ts';
import { refusalMessage } from '../authorization/refusal-message.ts';
import { clusterRight } from '../authorization/rights.ts';
import { codeOfFailure } from '../controller/controller-command.ts';
import { defineHandler } from '../handler.ts';

/*
 * AlterUserScramCredentials 0: any broker; the active controller decides (KIP-554).
 * - ALTER on the cluster. A row for each user. Who is logged in stays so.
 */
export const alterUserScramCredentialsHandler = defineHandler(
  alterUserScramCredentialsRequest,
  alterUserScramCredentialsResponse,
  {
    needs: ['controller'],
    right: clusterRight('alter'),
    refuse,
    handle: async (request, _context, { controller }) => {
      try {
        return await controller.submit(apis.alterUserScramCredentials, request);
      } catch (error) {
        return refuse(request, codeOfFailure(error));
      }
    },
  },
);

function refuse({ deletions, upsertions }: AlterUserScramCredentialsRequest, code: ErrorCode) {
  const users = new Set([...deletions, ...upsertions].map(({ name }) => name));
  return { results: [...users].map((user) => ({ user, errorCode: code, errorMessage: refusalMessage(code) })) };
}

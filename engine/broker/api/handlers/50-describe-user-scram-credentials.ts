import { errorCode } from '../../../protocol/error-codes.ts';
import type { DescribeUserScramCredentialsRequest } from '../../../protocol/schemas/50-describe-user-scram-credentials.ts';
import {
  describeUserScramCredentialsRequest,
  describeUserScramCredentialsResponse,
} from '../../../protocol/schemas/50-describe-user-scram-credentials.ts';
import { repeatedIn } from '../../controller/repeated-names.ts';
import type { UserCredentials } from '../../controller/scram/scram-image.ts';
import { scramMechanisms } from '../../security/sasl/sasl-mechanism.ts';
import { refusalMessage } from '../authorization/refusal-message.ts';
import { clusterRight } from '../authorization/rights.ts';
import { defineHandler } from '../handler.ts';

/*
 * DescribeUserScramCredentials 0: which credentials users have, from this broker's metadata (KIP-554).
 * - DESCRIBE on the cluster. No users: all. One without credentials RESOURCE_NOT_FOUND, one named twice DUPLICATE_RESOURCE.
 */
export const describeUserScramCredentialsHandler = defineHandler(
  describeUserScramCredentialsRequest,
  describeUserScramCredentialsResponse,
  {
    needs: ['quorum'],
    right: clusterRight('describe'),
    refuse: (_request, code) => {
      const errorMessage = refusalMessage(code);
      const results = [{ user: '', errorCode: code, errorMessage, credentialInfos: [] }];
      return { errorCode: code, errorMessage, results };
    },
    handle: ({ users }, _context, { quorum }) => {
      const known = quorum.image.subjects.scram;
      const asked = namesOf(users, known.keys());
      const repeated = repeatedIn(asked);
      const results = [...new Set(asked)].map((user) => row(user, known.get(user), repeated.has(user)));
      return { errorCode: errorCode.NONE, errorMessage: null, results };
    },
  },
);

function namesOf(users: DescribeUserScramCredentialsRequest['users'], all: Iterable<string>): string[] {
  return users === null || users.length === 0 ? [...all] : users.map(({ name }) => name);
}

function row(user: string, credentials: UserCredentials | undefined, isRepeated: boolean) {
  if (isRepeated) {
    const errorMessage = `Cannot describe SCRAM credentials for the same user twice in a single request: ${user}`;
    return { user, errorCode: errorCode.DUPLICATE_RESOURCE, errorMessage, credentialInfos: [] };
  }
  if (!credentials) {
    const errorMessage = `Attempt to describe a user credential that does not exist: ${user}`;
    return { user, errorCode: errorCode.RESOURCE_NOT_FOUND, errorMessage, credentialInfos: [] };
  }
  const credentialInfos = [...credentials].map(([mechanism, { iterations }]) => ({
    mechanism: scramMechanisms[mechanism].code,
    iterations,
  }));
  return { user, errorCode: errorCode.NONE, errorMessage: null, credentialInfos };
}

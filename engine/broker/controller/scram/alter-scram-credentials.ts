import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { MetadataRecord } from '../../../protocol/metadata-record.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type {
  AlterUserScramCredentialsRequest,
  alterUserScramCredentialsResponse,
} from '../../../protocol/schemas/51-alter-user-scram-credentials.ts';
import { scramMechanismOf } from '../../security/sasl/sasl-mechanism.ts';
import { scramKeys } from '../../security/sasl/scram-keys.ts';
import type { ControllerView, Plan } from '../controller-view.ts';
import { newRemoveScramCredential, newScramCredential } from '../new-record.ts';

type Request = AlterUserScramCredentialsRequest;
type Reply = MessageInput<typeof alterUserScramCredentialsResponse>;

/** Bounds of iterations: fewer give the password away, more keep clients computing. */
const iterationsMin = 4_096;
const iterationsMax = 16_384;

interface Fault {
  readonly code: ErrorCode;
  readonly message: string;
}

/** One change of one user, checked. */
interface Change {
  readonly user: string;
  readonly fault: Fault | undefined;
  readonly record: MetadataRecord | undefined;
}

/** Sets and removes credentials (KIP-554): a row for each user; of one who is named twice nothing is changed. */
export function planAlterScramCredentials({ image }: ControllerView, request: Request): Plan<Reply> {
  const changes = [
    ...request.deletions.map((asked) => deletion(image.subjects.scram, asked)),
    ...request.upsertions.map(upsertion),
  ];
  const byUser = Map.groupBy(changes, ({ user }) => user);
  const records: MetadataRecord[] = [];
  const results = [...byUser].map(([user, [change, ...others]]) => {
    const fault = others.length > 0 ? namedTwice : change?.fault;
    if (!fault && change?.record) records.push(change.record);
    return { user, errorCode: fault?.code ?? errorCode.NONE, errorMessage: fault?.message ?? null };
  });
  return { records, reply: { results } };
}

const namedTwice: Fault = {
  code: errorCode.DUPLICATE_RESOURCE,
  message: 'A user credential cannot be altered twice in the same request',
};

function deletion(known: ControllerView['image']['subjects']['scram'], asked: Request['deletions'][number]): Change {
  const { name: user, mechanism: code } = asked;
  const fault = nameFault(user, code);
  if (fault) return { user, fault, record: undefined };
  const mechanism = scramMechanismOf(code);
  if (!mechanism || !known.get(user)?.has(mechanism)) {
    const message = 'Attempt to delete a user credential that does not exist';
    return { user, fault: { code: errorCode.RESOURCE_NOT_FOUND, message }, record: undefined };
  }
  return { user, fault: undefined, record: newRemoveScramCredential(user, mechanism) };
}

function upsertion({
  name: user,
  mechanism: code,
  iterations,
  salt,
  saltedPassword,
}: Request['upsertions'][number]): Change {
  const fault = nameFault(user, code) ?? iterationsFault(iterations);
  const mechanism = scramMechanismOf(code);
  if (fault || !mechanism) return { user, fault, record: undefined };
  const credential = { salt, iterations, ...scramKeys(mechanism, saltedPassword) };
  return { user, fault: undefined, record: newScramCredential(user, mechanism, credential) };
}

function nameFault(user: string, code: number): Fault | undefined {
  if (user === '') return { code: errorCode.UNACCEPTABLE_CREDENTIAL, message: 'Username must not be empty' };
  if (!scramMechanismOf(code))
    return { code: errorCode.UNSUPPORTED_SASL_MECHANISM, message: 'Unknown SCRAM mechanism' };
  return undefined;
}

function iterationsFault(iterations: number): Fault | undefined {
  if (iterations < iterationsMin) return { code: errorCode.UNACCEPTABLE_CREDENTIAL, message: 'Too few iterations' };
  if (iterations > iterationsMax) return { code: errorCode.UNACCEPTABLE_CREDENTIAL, message: 'Too many iterations' };
  return undefined;
}

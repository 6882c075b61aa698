import { errorCode } from '../../../protocol/error-codes.ts';
import type { MetadataRecord } from '../../../protocol/metadata-record.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type { CreateAclsRequest, createAclsResponse } from '../../../protocol/schemas/30-create-acls.ts';
import { uuidFromRandom } from '../../../protocol/uuid.ts';
import type { Acl } from '../../security/acl.ts';
import { aclText } from '../../security/acl.ts';
import type { ControllerView, Plan } from '../controller-view.ts';
import { recordsPerCommandMax } from '../controller-view.ts';
import { newAcl } from '../new-record.ts';
import { aclFault } from './acl-fault.ts';

type Reply = MessageInput<typeof createAclsResponse>;

/** Adds rules (KIP-140), each for itself. One that exists already is fine and adds nothing. */
export function planCreateAcls({ image, random }: ControllerView, { creations }: CreateAclsRequest): Plan<Reply> {
  const records: MetadataRecord[] = [];
  const known = new Set([...image.subjects.acls.values()].map(aclText));
  const results = creations.map((asked) => {
    const acl = aclOf(asked);
    const fault = aclFault(acl);
    if (fault) return { errorCode: fault.code, errorMessage: fault.message };
    const text = aclText(acl);
    if (!known.has(text)) {
      if (records.length >= recordsPerCommandMax) return tooMany;
      known.add(text);
      records.push(newAcl(uuidFromRandom(random.bytes(16)), acl));
    }
    return { errorCode: errorCode.NONE, errorMessage: '' };
  });
  return { records, reply: { results } };
}

const tooMany = {
  errorCode: errorCode.POLICY_VIOLATION,
  errorMessage: `Unable to perform excessively large batch operation: more than ${recordsPerCommandMax} records.`,
};

function aclOf({ resourcePatternType: patternType, ...rest }: CreateAclsRequest['creations'][number]): Acl {
  return { ...rest, patternType };
}

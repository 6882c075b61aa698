import { errorCode } from '../../../protocol/error-codes.ts';
import type { MetadataRecord } from '../../../protocol/metadata-record.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type {
  AlterClientQuotasRequest,
  alterClientQuotasResponse,
} from '../../../protocol/schemas/49-alter-client-quotas.ts';
import type { QuotaEntity } from '../../quota/quota-entity.ts';
import { entityText, isQuotaEntityType } from '../../quota/quota-entity.ts';
import type { ControllerView, Plan } from '../controller-view.ts';
import { newClientQuota } from '../new-record.ts';
import { isIpAddress } from './ip-address.ts';
import { quotaValueFault } from './quota-value-fault.ts';
import type { EntityPart } from './quotas-delta.ts';
import { entityParts } from './quotas-delta.ts';

type Entry = AlterClientQuotasRequest['entries'][number];
type Reply = MessageInput<typeof alterClientQuotasResponse>;
type Row = Reply['entries'][number];

/**
 * Sets and removes quotas (KIP-546): each entity as a whole or not at all, one row for each, what is in force already without a
 * record. Of an entity that is named twice the first entry holds, and its row says so; so does Kafka.
 */
export function planAlterClientQuotas(view: ControllerView, request: AlterClientQuotasRequest): Plan<Reply> {
  const records: MetadataRecord[] = [];
  const rows = new Map<string, Row>();
  for (const entry of request.entries) {
    const entity = Object.fromEntries(entry.entity.map(({ entityType, entityName }) => [entityType, entityName]));
    const at = JSON.stringify(Object.entries(entity).sort());
    const isRepeated = rows.has(at) || new Set(entry.ops.map(({ key }) => key)).size < entry.ops.length;
    const fault = isRepeated ? `Ignoring duplicate entity ${shown(entity)}` : faultOf(entity, entry);
    rows.set(at, {
      errorCode: fault === undefined ? errorCode.NONE : errorCode.INVALID_REQUEST,
      errorMessage: fault ?? null,
      entity: Object.entries(entity).map(([entityType, entityName]) => ({ entityType, entityName })),
    });
    if (fault === undefined) records.push(...changes(view, entity, entry));
  }
  return { records: request.validateOnly ? [] : records, reply: { entries: [...rows.values()] } };
}

/** As Kafka shows an entity in its messages. */
function shown(entity: Readonly<Record<string, string | null>>): string {
  const parts = Object.entries(entity).map(([type, name]) => `${type}=${name}`);
  return `ClientQuotaEntity(entries={${parts.join(', ')}})`;
}

function faultOf(entity: Readonly<Record<string, string | null>>, { ops }: Entry): string | undefined {
  const fault = entityFault(entity);
  if (fault !== undefined) return fault;
  for (const { key, value, remove } of ops) {
    const wrong = remove ? undefined : quotaValueFault(entity, key, value);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function entityFault(entity: Readonly<Record<string, string | null>>): string | undefined {
  const parts = Object.entries(entity);
  if (parts.length === 0) return 'Invalid empty client quota entity';
  for (const [type, name] of parts) {
    if (!isQuotaEntityType(type)) return `Unhandled client quota entity type: ${type}`;
    if (name === '') return `Empty ${type} not supported`;
  }
  const { ip } = entity;
  if (ip === undefined) return undefined;
  if (parts.length > 1)
    return 'Invalid quota entity combination, IP entity shouldnot be combined with User or ClientId';
  return ip === null || isIpAddress(ip) ? undefined : `${ip} is not a valid IP or resolvable host.`;
}

function changes({ image }: ControllerView, entity: QuotaEntity, { ops }: Entry): MetadataRecord[] {
  const current = image.subjects.quotas.get(entityText(entity))?.values;
  const parts: EntityPart[] = entityParts(entity);
  return ops
    .filter(({ key, value, remove }) => (remove ? current?.has(key) : current?.get(key) !== value))
    .map(({ key, value, remove }) => newClientQuota(parts, key, remove ? undefined : value));
}

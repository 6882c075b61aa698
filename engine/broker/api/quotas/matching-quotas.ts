import type { Result } from '../../../base/result.ts';
import { ok, refused } from '../../../base/result.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { DescribeClientQuotasRequest } from '../../../protocol/schemas/48-describe-client-quotas.ts';
import type { EntityQuotas, QuotasImage } from '../../controller/quotas/quotas-image.ts';
import type { QuotaEntityType } from '../../quota/quota-entity.ts';
import { isQuotaEntityType } from '../../quota/quota-entity.ts';

type Component = DescribeClientQuotasRequest['components'][number];

/** How a part of an entity is asked for. */
const matchTypes = { exact: 0, default: 1, named: 2 } as const;

export interface QuotaFilterFault {
  readonly code: ErrorCode;
  readonly message: string;
}

type Filter = ReadonlyMap<QuotaEntityType, Component>;

/** The quotas that a filter asks for: of entities that have all its parts, and no others when it is strict. */
export function matchingQuotas(
  quotas: QuotasImage,
  { components, strict }: DescribeClientQuotasRequest,
): Result<EntityQuotas[], QuotaFilterFault> {
  const filter = filterOf(components);
  if (!filter.ok) return filter;
  return ok([...quotas.values()].filter((row) => matches(row, filter.value, strict)));
}

function filterOf(components: readonly Component[]): Result<Filter, QuotaFilterFault> {
  const filter = new Map<QuotaEntityType, Component>();
  for (const component of components) {
    const { entityType } = component;
    if (entityType === '') return invalid('Invalid empty entity type.');
    if (!isQuotaEntityType(entityType))
      return refused({ code: errorCode.UNSUPPORTED_VERSION, message: `Unsupported entity type ${entityType}` });
    if (filter.has(entityType)) return invalid(`Entity type ${entityType} cannot appear more than once in the filter.`);
    const fault = componentFault(component);
    if (fault !== undefined) return invalid(fault);
    filter.set(entityType, component);
  }
  if (filter.has('ip') && filter.size > 1)
    return invalid(
      'Invalid entity filter component combination. IP filter component should not be used with user or clientId filter component.',
    );
  return ok(filter);
}

function componentFault({ matchType, match }: Component): string | undefined {
  switch (matchType) {
    case matchTypes.exact:
      return match === null ? 'Request specified MATCH_TYPE_EXACT, but set match string to null.' : undefined;
    case matchTypes.default:
      return match === null ? undefined : 'Request specified MATCH_TYPE_DEFAULT, but also specified a match string.';
    case matchTypes.named:
      return match === null ? undefined : 'Request specified MATCH_TYPE_SPECIFIED, but also specified a match string.';
    default:
      return `Unknown match type ${matchType}`;
  }
}

function invalid(message: string): Result<never, QuotaFilterFault> {
  return refused({ code: errorCode.INVALID_REQUEST, message });
}

function matches({ entity }: EntityQuotas, filter: Filter, strict: boolean): boolean {
  if (strict && Object.keys(entity).length !== filter.size) return false;
  for (const [type, { matchType, match }] of filter) {
    const name = entity[type];
    if (name === undefined) return false;
    // Any that is named takes the default too: Kafka's own answer.
    if (matchType !== matchTypes.named && name !== match) return false;
  }
  return true;
}

import { expect, it } from 'vitest';
import { ImageDelta } from '../../controller/image-delta.ts';
import { MetadataImage } from '../../controller/metadata-image.ts';
import { newClientQuota } from '../../controller/new-record.ts';
import { entityParts } from '../../controller/quotas/quotas-delta.ts';
import type { QuotaEntity } from '../../quota/quota-entity.ts';
import { matchingQuotas } from './matching-quotas.ts';

const entities: readonly QuotaEntity[] = [
  { 'client-id': null },
  { 'client-id': 'c', user: null },
  { 'client-id': 'c', user: 'u' },
  { 'client-id': 'q1' },
  { ip: '127.0.0.9' },
  { user: null },
  { user: 'u' },
];
const delta = new ImageDelta(MetadataImage.empty('c'));
for (const entity of entities) delta.apply(newClientQuota(entityParts(entity), 'x', 1));
const { quotas } = delta.build(6, 1).subjects;

type Component = readonly [string, number, string | null];

function ask(components: readonly Component[], strict: boolean) {
  const asked = components.map(([entityType, matchType, match]) => ({ entityType, matchType, match }));
  return matchingQuotas(quotas, { components: asked, strict });
}

function shown(entity: QuotaEntity): string {
  const parts = Object.entries(entity).sort(([x], [y]) => (x < y ? -1 : 1));
  return parts.map(([type, name]) => `${type}=${name ?? 'None'}`).join('+');
}

/** As Apache Kafka 4.4.0 answers. */
it.each<[readonly Component[], boolean, string[]]>([
  [[], false, entities.map(shown)],
  [[], true, []],
  [[['user', 0, 'u']], false, ['client-id=c+user=u', 'user=u']],
  [[['user', 0, 'u']], true, ['user=u']],
  [[['user', 1, null]], false, ['client-id=c+user=None', 'user=None']],
  [[['user', 2, null]], false, ['client-id=c+user=None', 'client-id=c+user=u', 'user=None', 'user=u']],
  [[['user', 2, null]], true, ['user=None', 'user=u']],
  [
    [
      ['user', 2, null],
      ['client-id', 2, null],
    ],
    false,
    ['client-id=c+user=None', 'client-id=c+user=u'],
  ],
  [
    [
      ['client-id', 0, 'c'],
      ['user', 0, 'u'],
    ],
    true,
    ['client-id=c+user=u'],
  ],
  [[['ip', 2, null]], false, ['ip=127.0.0.9']],
])('finds by %j, strict %s', (components, strict, expected) => {
  const found = ask(components, strict);
  expect(found.ok && found.value.map(({ entity }) => shown(entity))).toEqual(expected);
});

it.each<[readonly Component[], number, string]>([
  [
    [
      ['ip', 2, null],
      ['user', 2, null],
    ],
    42,
    'Invalid entity filter component combination. IP filter component should not be used with user or clientId filter component.',
  ],
  [[['x', 2, null]], 35, 'Unsupported entity type x'],
  [[['', 2, null]], 42, 'Invalid empty entity type.'],
  [[['user', 0, null]], 42, 'Request specified MATCH_TYPE_EXACT, but set match string to null.'],
  [[['user', 1, 'u']], 42, 'Request specified MATCH_TYPE_DEFAULT, but also specified a match string.'],
  [[['user', 2, 'u']], 42, 'Request specified MATCH_TYPE_SPECIFIED, but also specified a match string.'],
  [[['user', 9, null]], 42, 'Unknown match type 9'],
  [
    [
      ['user', 0, 'u'],
      ['user', 0, 'v'],
    ],
    42,
    'Entity type user cannot appear more than once in the filter.',
  ],
])('refuses the filter %j', (components, code, message) => {
  const found = ask(components, false);
  expect(!found.ok && found.error).toEqual({ code, message });
});

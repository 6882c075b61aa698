import { expect, it } from 'vitest';
import { errorCode } from '../../../protocol/error-codes.ts';
import { ImageDelta } from '../image-delta.ts';
import { imageRecords } from '../image-records.ts';
import { MetadataImage } from '../metadata-image.ts';
import { TestController } from '../testing/controller-fixture.ts';
import { planAlterClientQuotas } from './alter-client-quotas.ts';

type Parts = readonly (readonly [string, string | null])[];
type Ops = readonly (readonly [string, number | null])[];

function entry(entity: Parts, ops: Ops) {
  return {
    entity: entity.map(([entityType, entityName]) => ({ entityType, entityName })),
    ops: ops.map(([key, value]) => ({ key, value: value ?? 0, remove: value === null })),
  };
}

function alter(controller: TestController, entries: ReturnType<typeof entry>[], validateOnly = false) {
  const before = controller.records.length;
  const { entries: rows } = controller.run(planAlterClientQuotas(controller.view, { entries, validateOnly }));
  return { rows, records: controller.records.slice(before) };
}

function valuesIn(image: MetadataImage) {
  return [...image.subjects.quotas.values()].map(({ entity, values }) => [entity, Object.fromEntries(values)]);
}

const a: Parts = [['client-id', 'a']];
const address: Parts = [['ip', '127.0.0.9']];

/** As Apache Kafka 4.4.0 answers. */
it.each<[Parts, Ops, string]>([
  [a, [['producer_byte_rate', 0]], 'Quota producer_byte_rate must be greater than 0'],
  [a, [['producer_byte_rate', -1]], 'Quota producer_byte_rate must be greater than 0'],
  [a, [['producer_byte_rate', 1.5]], 'producer_byte_rate cannot be a fractional value.'],
  [a, [['producer_byte_rate', 1e19]], 'Proposed value for producer_byte_rate is too large for a LONG.'],
  [a, [['producer_byte_rate', 9.3e18]], 'Proposed value for producer_byte_rate is too large for a LONG.'],
  [a, [['request_percentage', Number.NaN]], 'Quota request_percentage must be a finite number'],
  [a, [['request_percentage', Number.POSITIVE_INFINITY]], 'Quota request_percentage must be a finite number'],
  [a, [['nope', 1]], 'Invalid configuration key nope'],
  [a, [['connection_creation_rate', 1]], 'Invalid configuration key connection_creation_rate'],
  [address, [['producer_byte_rate', 5]], 'Invalid configuration key producer_byte_rate'],
  [
    address,
    [['connection_creation_rate', 3e9]],
    'Proposed value for connection_creation_rate is too large for an INT.',
  ],
  [[['ip', 'not an ip']], [['connection_creation_rate', 5]], 'not an ip is not a valid IP or resolvable host.'],
  [
    [
      ['ip', '127.0.0.9'],
      ['user', 'u'],
    ],
    [['connection_creation_rate', 5]],
    'Invalid quota entity combination, IP entity shouldnot be combined with User or ClientId',
  ],
  [[['group', 'x']], [['producer_byte_rate', 5]], 'Unhandled client quota entity type: group'],
  [[], [['producer_byte_rate', 5]], 'Invalid empty client quota entity'],
  [[['user', '']], [['producer_byte_rate', 5]], 'Empty user not supported'],
  [
    a,
    [
      ['producer_byte_rate', 5],
      ['producer_byte_rate', 6],
    ],
    'Ignoring duplicate entity ClientQuotaEntity(entries={client-id=a})',
  ],
])('refuses %j %j as Kafka does', (entity, ops, message) => {
  const { rows, records } = alter(new TestController(), [entry(entity, ops)]);
  expect(rows).toMatchObject([{ errorCode: errorCode.INVALID_REQUEST, errorMessage: message }]);
  expect(records).toEqual([]);
});

it.each<[Parts, Ops]>([
  [a, [['request_percentage', 1.5]]],
  [address, [['connection_creation_rate', 5]]],
  [[['ip', '2001:db8::1']], [['connection_creation_rate', 5]]],
  [[['user', null]], [['producer_byte_rate', 5]]],
  [
    [
      ['user', null],
      ['client-id', null],
    ],
    [['producer_byte_rate', 5]],
  ],
  [
    [
      ['user', 'u'],
      ['user', 'u2'],
    ],
    [['producer_byte_rate', 5]],
  ],
  [[['client-id', 'zz']], [['producer_byte_rate', null]]],
  [[['client-id', 'zz']], [['nope', null]]],
  [a, []],
])('accepts %j %j as Kafka does', (entity, ops) => {
  expect(alter(new TestController(), [entry(entity, ops)]).rows).toMatchObject([{ errorCode: errorCode.NONE }]);
});

it('keeps what was set, changes it, and lets it go, with a record only where something changes', () => {
  const controller = new TestController();
  alter(controller, [
    entry(a, [
      ['producer_byte_rate', 5],
      ['consumer_byte_rate', 7],
    ]),
  ]);
  expect(valuesIn(controller.image)).toEqual([
    [{ 'client-id': 'a' }, { producer_byte_rate: 5, consumer_byte_rate: 7 }],
  ]);
  expect(alter(controller, [entry(a, [['producer_byte_rate', 5]])]).records).toEqual([]);
  expect(alter(controller, [entry(a, [['producer_byte_rate', 6]])], true).records).toEqual([]);
  expect(alter(controller, [entry(a, [['producer_byte_rate', 6]])]).records).toHaveLength(1);
  alter(controller, [
    entry(a, [
      ['producer_byte_rate', null],
      ['consumer_byte_rate', null],
    ]),
  ]);
  expect(valuesIn(controller.image)).toEqual([]);
});

it('tells the default from a client whose name looks like it', () => {
  const controller = new TestController();
  const names = [null, 'null', '0', '<default>'];
  alter(
    controller,
    names.map((name, index) => entry([['user', name]], [['producer_byte_rate', index + 1]])),
  );
  expect(valuesIn(controller.image)).toEqual(names.map((user, index) => [{ user }, { producer_byte_rate: index + 1 }]));
});

it('does the good entries of a request, and answers once for an entity that is named twice', () => {
  const controller = new TestController();
  const { rows, records } = alter(controller, [
    entry(a, [['producer_byte_rate', 5]]),
    entry([['client-id', 'b']], [['nope', 1]]),
    entry(a, [['producer_byte_rate', 6]]),
    entry([['client-id', 'c']], [['producer_byte_rate', 7]]),
  ]);
  expect(rows.map((row) => row.errorMessage)).toEqual([
    'Ignoring duplicate entity ClientQuotaEntity(entries={client-id=a})',
    'Invalid configuration key nope',
    null,
  ]);
  expect(records).toHaveLength(2);
});

it('comes back from a snapshot', () => {
  const controller = new TestController();
  alter(controller, [
    entry(
      [
        ['user', 'u'],
        ['client-id', null],
      ],
      [['request_percentage', 12.5]],
    ),
  ]);
  const delta = new ImageDelta(MetadataImage.empty('test-cluster'));
  for (const record of imageRecords(controller.image)) delta.apply(record);
  expect(delta.change().quotas).toBe(true);
  expect(valuesIn(delta.build(1, 1))).toEqual([[{ user: 'u', 'client-id': null }, { request_percentage: 12.5 }]]);
});

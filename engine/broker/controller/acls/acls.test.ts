import { expect, test } from 'vitest';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { DeleteAclsRequest } from '../../../protocol/schemas/31-delete-acls.ts';
import { imageRecords } from '../image-records.ts';
import { TestController } from '../testing/controller-fixture.ts';
import { planCreateAcls } from './create-acls.ts';
import { planDeleteAcls } from './delete-acls.ts';

const rule = {
  resourceType: 2,
  resourceName: 't',
  resourcePatternType: 3,
  principal: 'User:none',
  host: '*',
  operation: 3,
  permissionType: 3,
};
const any = {
  resourceTypeFilter: 1,
  resourceNameFilter: null,
  patternTypeFilter: 1,
  principalFilter: null,
  hostFilter: null,
  operation: 1,
  permissionType: 1,
};

function create(controller: TestController, ...creations: Partial<typeof rule>[]) {
  const asked = creations.map((changes) => ({ ...rule, ...changes }));
  return controller.run(planCreateAcls(controller.view, { creations: asked })).results;
}

function remove(controller: TestController, filter: Partial<DeleteAclsRequest['filters'][number]>) {
  const { filterResults } = controller.run(planDeleteAcls(controller.view, { filters: [{ ...any, ...filter }] }));
  return filterResults?.[0]?.matchingAcls?.map(({ resourceName, patternType }) => [resourceName, patternType]);
}

test.each<[string, Partial<typeof rule>, number, string | null]>([
  [
    'no colon',
    { principal: 'none' },
    errorCode.INVALID_REQUEST,
    'Could not parse principal from `none` (no colon is present separating the principal type from the principal name)',
  ],
  ['no name', { resourceName: '' }, errorCode.INVALID_REQUEST, 'Invalid empty resource name'],
  [
    'another cluster',
    { resourceType: 4, resourceName: 'x' },
    errorCode.INVALID_REQUEST,
    'The only valid name for the CLUSTER resource is kafka-cluster',
  ],
  ['no host', { host: '' }, errorCode.INVALID_REQUEST, 'Host pattern cannot be null or empty'],
  ['no such type', { resourceType: 9 }, errorCode.INVALID_REQUEST, 'Invalid resourceType UNKNOWN'],
  [
    'too long a network',
    { host: '127.0.0.0/99' },
    errorCode.INVALID_REQUEST,
    "Invalid CIDR notation '127.0.0.0/99': Value [99] not in range [0,32]",
  ],
  ['any operation', { operation: 1 }, errorCode.UNKNOWN_SERVER_ERROR, null],
  ['any permission', { permissionType: 1 }, errorCode.UNKNOWN_SERVER_ERROR, null],
  ['any type', { resourceType: 1 }, errorCode.UNKNOWN_SERVER_ERROR, null],
  ['any pattern', { resourcePatternType: 1 }, errorCode.UNKNOWN_SERVER_ERROR, null],
  ['a matching pattern', { resourcePatternType: 2 }, errorCode.UNKNOWN_SERVER_ERROR, null],
])("a rule with %s is refused in Kafka's words", (_name, changes, code, message) => {
  const controller = new TestController();
  expect(create(controller, changes)).toEqual([{ errorCode: code, errorMessage: message }]);
  expect(controller.records).toEqual([]);
});

test('what makes no sense is taken as Kafka takes it, and a rule that exists adds nothing', () => {
  const controller = new TestController();
  const odd = [{ resourceType: 4, resourceName: 'kafka-cluster' }, { operation: 12 }, {}, {}];
  expect(create(controller, ...odd).map((row) => row.errorCode)).toEqual([0, 0, 0, 0]);
  expect(create(controller, {}).map((row) => row.errorCode)).toEqual([0]);
  expect(controller.image.subjects.acls.size).toBe(3);
  expect(controller.records.map(({ name }) => name)).toEqual(new Array(3).fill('AccessControlEntryRecord'));
});

test('a snapshot holds the rules', () => {
  const controller = new TestController();
  create(controller, {}, { resourceName: 'u' });
  const copy = new TestController();
  copy.run({ records: [...imageRecords(controller.image)], reply: undefined });
  expect(copy.image.subjects.acls).toEqual(controller.image.subjects.acls);
});

test('filters mean rules by what they name, and a rule goes once', () => {
  const controller = new TestController();
  create(controller, { resourceName: '*' }, { resourceName: 'abc' }, { resourceName: 'zz' });
  create(controller, { resourceName: 'ab', resourcePatternType: 4 });
  expect(remove(controller, { resourceNameFilter: 'abc', patternTypeFilter: 2, operation: 99 })).toEqual([]);
  expect(remove(controller, { resourceNameFilter: 'ab', patternTypeFilter: 3 })).toEqual([]);
  expect(remove(controller, { resourceNameFilter: 'abc', patternTypeFilter: 2 })).toEqual([
    ['*', 3],
    ['abc', 3],
    ['ab', 4],
  ]);
  expect(remove(controller, {})).toEqual([['zz', 3]]);
  expect(remove(controller, {})).toEqual([]);
  expect(controller.image.subjects.acls.size).toBe(0);
});

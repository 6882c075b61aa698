import { expect, test } from 'vitest';
import { errorName } from '../../../protocol/error-codes.ts';
import { imageRecords } from '../image-records.ts';
import { TestController } from '../testing/controller-fixture.ts';
import { planAlterScramCredentials } from './alter-scram-credentials.ts';

type Upsertion = readonly [name: string, mechanism: number, iterations: number];
type Deletion = readonly [name: string, mechanism: number];

function alter(controller: TestController, up: readonly Upsertion[], gone: readonly Deletion[] = []) {
  const upsertions = up.map(([name, mechanism, iterations]) => ({
    name,
    mechanism,
    iterations,
    salt: Buffer.from('salt'),
    saltedPassword: Buffer.alloc(32, 7),
  }));
  const deletions = gone.map(([name, mechanism]) => ({ name, mechanism }));
  const { results } = controller.run(planAlterScramCredentials(controller.view, { upsertions, deletions }));
  return (results ?? []).map(({ user, errorCode, errorMessage }) => [user, errorName(errorCode), errorMessage]);
}

test.each<[Upsertion[], Deletion[], unknown[][]]>([
  [[['u1', 1, 4_095]], [], [['u1', 'UNACCEPTABLE_CREDENTIAL', 'Too few iterations']]],
  [[['u1', 1, 4_096]], [], [['u1', 'NONE', null]]],
  [[['u1', 2, 16_384]], [], [['u1', 'NONE', null]]],
  [[['u1', 2, 16_385]], [], [['u1', 'UNACCEPTABLE_CREDENTIAL', 'Too many iterations']]],
  [[['', 1, 4_096]], [], [['', 'UNACCEPTABLE_CREDENTIAL', 'Username must not be empty']]],
  [[['u1', 3, 4_096]], [], [['u1', 'UNSUPPORTED_SASL_MECHANISM', 'Unknown SCRAM mechanism']]],
  [[['u1', 0, 4_096]], [], [['u1', 'UNSUPPORTED_SASL_MECHANISM', 'Unknown SCRAM mechanism']]],
  [
    [
      ['u1', 1, 4_096],
      ['u1', 2, 5_000],
    ],
    [],
    [['u1', 'DUPLICATE_RESOURCE', 'A user credential cannot be altered twice in the same request']],
  ],
  [
    [['u1', 2, 4_096]],
    [['u1', 1]],
    [['u1', 'DUPLICATE_RESOURCE', 'A user credential cannot be altered twice in the same request']],
  ],
  [[], [['no', 1]], [['no', 'RESOURCE_NOT_FOUND', 'Attempt to delete a user credential that does not exist']]],
  [
    [
      ['u2', 1, 8_192],
      ['u3', 1, 1],
    ],
    [],
    [
      ['u2', 'NONE', null],
      ['u3', 'UNACCEPTABLE_CREDENTIAL', 'Too few iterations'],
    ],
  ],
])('upserting %j and deleting %j is answered as Kafka answers it', (up, gone, rows) => {
  expect(alter(new TestController(), up, gone)).toEqual(rows);
});

test('a snapshot holds the credentials, and they go one by one', () => {
  const controller = new TestController();
  alter(controller, [['u1', 1, 4_096]]);
  alter(controller, [['u1', 2, 4_096]]);
  const copy = new TestController();
  copy.run({ records: [...imageRecords(controller.image)], reply: undefined });
  expect(copy.image.subjects.scram).toEqual(controller.image.subjects.scram);
  alter(copy, [], [['u1', 1]]);
  expect([...(copy.image.subjects.scram.get('u1')?.keys() ?? [])]).toEqual(['SCRAM-SHA-512']);
  alter(copy, [], [['u1', 2]]);
  expect(copy.image.subjects.scram.size).toBe(0);
});

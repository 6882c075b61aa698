import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Api } from '../../protocol/api-keys.ts';
import { apiOf, apis } from '../../protocol/api-keys.ts';
import { errorName } from '../../protocol/error-codes.ts';
import { defaultStruct } from '../../protocol/field-defaults.ts';
import type { MessageInput, MessageSchema } from '../../protocol/schema.ts';
import type { Operation } from '../security/operation.ts';
import { operationCodes } from '../security/operation.ts';
import type { ResourceType } from '../security/resource.ts';
import { clusterName, resourceTypeCodes } from '../security/resource.ts';
import type { AclCase, AclProbe } from './testing/acl-case.ts';
import { aclRequests } from './testing/acl-requests.ts';
import { MemoryCluster } from './testing/memory-cluster.ts';

/** Cases that this broker answers differently on purpose, or cannot answer yet. */
const left: Readonly<Record<string, string>> = {
  'DescribeUserScramCredentials users null: Kafka bug, no answer': 'here the answer is that for users with names',
  'FindCoordinator share': 'there are no share groups: INVALID_REQUEST with or without the right',
};
/** No right makes a client a broker of the cluster. */
const neverAllowed = new Set(['Fetch as follower (replicaId 1)']);

const authorizationCodes = /_AUTHORIZATION_FAILED$|^OPERATION_NOT_ATTEMPTED$/;
const none = 'AAAAAAAAAAAAAAAAAAAAAA';
const cluster = new MemoryCluster([1], 1, {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
});
const topics = { t: none, t2: none };

function nameOf({ api, version, case: name }: AclCase): string {
  return `${api} ${name ?? version}`;
}

/** What each API answers with no right and with some: measured, packed by `scripts/pack-kafka-definitions.ts`. */
function readAclTable(): readonly AclCase[] {
  const packed = readFileSync(join(import.meta.dirname, 'testing', 'acl-table.json.gz'));
  return JSON.parse(gunzipSync(packed).toString('utf8')) as readonly AclCase[];
}

const served = readAclTable().filter(({ key }) => apiOf(key)?.audience === 'client');
const cases = served.filter((row) => !(nameOf(row) in left));

beforeAll(async () => {
  cluster.start(1);
  const created = ['t', 't2'].map((name) => ({
    name,
    numPartitions: 1,
    replicationFactor: 1,
    assignments: [],
    configs: [],
  }));
  await cluster.until(() => cluster.brokers.get(1)?.unreadyReason() === undefined);
  const answer = await cluster.requestAsBroker(1, apis.createTopics, { topics: created, timeoutMs: 5_000 });
  topics.t = answer.topics[0]?.topicId ?? none;
  topics.t2 = answer.topics[1]?.topicId ?? none;
  await commit();
});

/** Makes group g; its partition may have no leader yet. */
async function commit(): Promise<void> {
  await cluster.requestAsBroker(1, apis.findCoordinator, { key: '', keyType: 0, coordinatorKeys: ['g'] });
  for (let tries = 0; tries < 100; tries++) {
    const partitions = [{ partitionIndex: 0, committedOffset: 1, committedMetadata: null }];
    const body = { groupId: 'g', topics: [{ topicId: topics.t, partitions }] };
    const { topics: rows } = await cluster.requestAsBroker(1, apis.offsetCommit, body);
    if (rows[0]?.partitions[0]?.errorCode === 0) return;
  }
  throw new Error('expected group g to take an offset');
}

afterAll(() => cluster.stop(1));

test('every API that clients may call is in the table', () => {
  const inTable = new Set(readAclTable().map(({ key }) => key));
  inTable.add(apis.saslAuthenticate.key); // It comes before anybody has rights.
  const missing = Object.values(apis).filter(({ audience, key }) => audience === 'client' && !inTable.has(key));
  expect(missing.map(({ name }) => name)).toEqual([]);
});

test.each(cases.map((row) => [nameOf(row), row] as const))('%s: as Kafka refuses and allows it', async (name, row) => {
  const body = aclRequests[name];
  if (!body) throw new Error(`expected a request for ${name} in acl-requests.ts, found none`);
  for (const probe of row.probes) {
    await setAcls(probe.acls);
    const isAllowed = neverAllowed.has(name) && probe.acls !== 'none' ? row.probes[0] : probe;
    const found = await ask(row, body(topics));
    expect(found, `${name} with ${String(probe.acls)}`).toEqual(expectedOf(isAllowed ?? probe, found));
  }
});

async function setAcls(acls: AclProbe['acls']): Promise<void> {
  const all = { resourceTypeFilter: 1, resourceNameFilter: null, patternTypeFilter: 1 };
  const anybody = { principalFilter: null, hostFilter: null, operation: 1, permissionType: 1 };
  await cluster.requestAsBroker(1, apis.deleteAcls, { filters: [{ ...all, ...anybody }] });
  if (acls === 'none') return;
  const { results } = await cluster.requestAsBroker(1, apis.createAcls, { creations: acls.map(aclOf) });
  expect(results.map(({ errorCode }) => errorCode)).toEqual(acls.map(() => 0));
}

function aclOf(text: string) {
  const [operation = '', type = '', name = ''] = text.split(' ');
  return {
    resourceType: resourceTypeCodes[camel(type) as ResourceType],
    resourceName: name === '-' ? clusterName : name,
    resourcePatternType: 3,
    principal: 'User:ANONYMOUS',
    host: '*',
    operation: operationCodes[camel(operation) as Operation],
    permissionType: 3,
  };
}

function camel(text: string): string {
  return text.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

type Found = Record<string, readonly (string | number)[] | string>;

async function ask({ key, version }: AclCase, body: Readonly<Record<string, unknown>>): Promise<Found> {
  const api = apiOf(key) as Api;
  const whole = { ...defaultStruct(api.request.fields), ...body } as MessageInput<MessageSchema>;
  const found: Found = {};
  try {
    collect(await cluster.request(1, api, whole, version), '', found);
  } catch {
    return { connection: 'closed by broker' };
  }
  return found;
}

/** What the table knows of an answer: error codes by name, sets of operations, arrays without rows. */
function collect(value: unknown, path: string, found: Found): void {
  if (Array.isArray(value)) {
    if (value.length === 0) found[`${path}[]`] ??= 'empty';
    for (const row of value) collect(row, `${path}[]`, found);
    return;
  }
  if (value === null || typeof value !== 'object' || Buffer.isBuffer(value)) return;
  for (const [key, field] of Object.entries(value)) {
    const at = path === '' ? key : `${path}.${key}`;
    const isCode = /errorCode$/i.test(key);
    if (isCode || /authorizedOperations$/i.test(key)) {
      const shown = isCode ? (errorName(field as number) ?? String(field)) : (field as number);
      found[at] = [...((found[at] as (string | number)[] | undefined) ?? []), shown];
    } else collect(field, at, found);
  }
}

/**
 * The answer found, with what the table has in the place of what differs from it: refusals and operations have to be the same;
 * of others it only matters that they are no refusals, as what comes after them is about other things.
 */
function expectedOf({ answer }: AclProbe, found: Found): Found {
  const expected: Found = { ...found };
  if (answer.connection !== undefined) return { connection: String(answer.connection) };
  const isRefused = Object.values(answer)
    .flat()
    .some((code) => authorizationCodes.test(String(code)));
  for (const [path, value] of Object.entries(answer)) {
    const rows = (Array.isArray(value) ? value : [value]) as (string | number)[];
    if (/errorCode$/i.test(path)) expected[path] = mergedCodes(rows, found[path] as readonly string[] | undefined);
    else if (/authorizedOperations$/i.test(path))
      expected[path] = mergedRows(rows, found[path] as number[] | undefined);
    else if (value === 'empty' && isOfRows(path) && (isRefused || !path.includes('.'))) expected[path] = 'empty';
  }
  return expected;
}

/** Arrays that tell what somebody may see. */
function isOfRows(path: string): boolean {
  return /^(topics|groups|results|responses|resources|filterResults)\[\]$|(partitions|members|configs|matchingAcls)\[\]$/.test(
    path,
  );
}

function mergedCodes(rows: readonly (string | number)[], found: readonly string[] = []): readonly string[] {
  const refusals = rows.map(String).filter((code) => authorizationCodes.test(code));
  const foundRefusals = found.filter((code) => authorizationCodes.test(code));
  const isSame =
    new Set(refusals).size === new Set(foundRefusals).size && foundRefusals.every((code) => refusals.includes(code));
  return isSame ? found : rows.map(String);
}

function mergedRows(
  rows: readonly number[] | readonly (string | number)[],
  found: readonly number[] = [],
): readonly (string | number)[] {
  const isSame = found.length > 0 && found.every((bits) => rows.includes(bits));
  return isSame ? found : rows;
}

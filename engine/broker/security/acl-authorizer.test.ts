import { expect, test } from 'vitest';
import type { Acl } from './acl.ts';
import { patternTypes, permissionTypes } from './acl.ts';
import { AclAuthorizer } from './acl-authorizer.ts';
import type { Operation } from './operation.ts';
import { allOperations, operationCodes } from './operation.ts';
import type { Principal } from './principal.ts';
import { clusterPrincipal } from './principal.ts';
import { resourceTypeCodes } from './resource.ts';

const alice: Principal = { type: 'User', name: 'alice' };

/** `allow read t`, `deny all t*` (prefixed), with what a test replaces. */
function acl(text: string, replace: Partial<Acl> = {}): Acl {
  const [permission, operation = '', name = ''] = text.split(' ');
  const isPrefix = name.length > 1 && name.endsWith('*');
  return {
    resourceType: resourceTypeCodes.topic,
    resourceName: isPrefix ? name.slice(0, -1) : name,
    patternType: isPrefix ? patternTypes.prefixed : patternTypes.literal,
    principal: 'User:alice',
    host: '*',
    operation: operation === 'all' ? allOperations : operationCodes[operation as Operation],
    permissionType: permission === 'deny' ? permissionTypes.deny : permissionTypes.allow,
    ...replace,
  };
}

function authorizer(acls: readonly Acl[], { superUsers = '', isOpen = false } = {}): AclAuthorizer {
  const made = new AclAuthorizer({ superUsers: new Set([superUsers]), allowEveryoneIfNoAclFound: isOpen });
  made.setAcls(acls);
  return made;
}

/** The codes of the operations that alice has on topic t, as Kafka's answers show them. */
function codesOn(made: AclAuthorizer, host = '127.0.0.1'): number[] {
  const bits = made.operationsOn({ principal: alice, host }, 'topic', 't');
  return Array.from({ length: 16 }, (_, code) => code).filter((code) => bits & (1 << code));
}

test.each<[string, Acl[], number[]]>([
  ['all', [acl('allow all t')], [3, 4, 5, 6, 7, 8, 10, 11]],
  ['READ gives DESCRIBE', [acl('allow read t')], [3, 8]],
  ['WRITE gives DESCRIBE', [acl('allow write t')], [4, 8]],
  ['DELETE gives DESCRIBE', [acl('allow delete t')], [6, 8]],
  ['ALTER gives DESCRIBE', [acl('allow alter t')], [7, 8]],
  ['CREATE gives nothing else', [acl('allow create t')], [5]],
  ['ALTER_CONFIGS gives DESCRIBE_CONFIGS', [acl('allow alterConfigs t')], [10, 11]],
  ['a denial denies its own operation', [acl('allow all t'), acl('deny read t')], [4, 5, 6, 7, 8, 10, 11]],
  ['a denial of DESCRIBE leaves READ', [acl('allow read t'), acl('deny describe t')], [3]],
  ['a denial of all', [acl('allow all t'), acl('deny all t')], []],
  ['a denied prefix', [acl('allow read topic'), acl('allow read t'), acl('deny read t*', { resourceName: 't' })], [8]],
  ['a prefix that is the name', [acl('allow read t', { patternType: patternTypes.prefixed })], [3, 8]],
  ['a longer prefix', [acl('allow read t2*')], []],
  ['every name', [acl('allow read *')], [3, 8]],
  ['a prefix of a star', [acl('allow read *', { patternType: patternTypes.prefixed })], []],
  ['everybody', [acl('allow read t', { principal: 'User:*' })], [3, 8]],
  ['another case', [acl('allow read t', { principal: 'user:alice' })], []],
  ['another resource type', [acl('allow read t', { resourceType: resourceTypeCodes.group })], []],
  ['the address', [acl('allow read t', { host: '127.0.0.1' })], [3, 8]],
  ['another address', [acl('allow read t', { host: '127.0.0.2' })], []],
  ['a name of a host', [acl('allow read t', { host: 'localhost' })], []],
  ['a network', [acl('allow read t', { host: '127.0.0.0/8' })], [3, 8]],
  ['another network', [acl('allow read t', { host: '10.0.0.0/8' })], []],
  ['no bits of a network', [acl('allow read t', { host: '10.0.0.0/0' })], [3, 8]],
  ['a network of the other kind', [acl('allow read t', { host: '::/0' })], []],
  ['a denial for another address', [acl('allow read t'), acl('deny read t', { host: '10.0.0.1' })], [3, 8]],
])('%s: what rules give', (_name, acls, codes) => {
  expect(codesOn(authorizer(acls))).toEqual(codes);
});

test('a network of IPv6 addresses', () => {
  const made = authorizer([acl('allow read t', { host: '2001:db8::/33' })]);
  expect(codesOn(made, '2001:db8:7fff::1')).toEqual([3, 8]);
  expect(codesOn(made, '2001:db8:8000::1')).toEqual([]);
  expect(codesOn(made, '::ffff:1.2.3.4')).toEqual([]);
});

test('super users and the brokers of the cluster pass whatever is denied', () => {
  const made = authorizer([acl('deny all t')], { superUsers: 'User:alice' });
  expect(codesOn(made)).toEqual([3, 4, 5, 6, 7, 8, 10, 11]);
  const broker = { principal: clusterPrincipal, host: '10.0.0.1' };
  expect(made.mayDo(broker, 'clusterAction', 'cluster', 'kafka-cluster')).toBe(true);
});

test('where everybody is allowed what no rule is about, a rule for somebody else ends that', () => {
  const bob = { principal: 'User:bob' };
  expect(codesOn(authorizer([], { isOpen: true }))).toEqual([3, 4, 5, 6, 7, 8, 10, 11]);
  expect(codesOn(authorizer([acl('allow read u')], { isOpen: true }))).toEqual([3, 4, 5, 6, 7, 8, 10, 11]);
  expect(codesOn(authorizer([acl('allow read t', bob)], { isOpen: true }))).toEqual([]);
  expect(codesOn(authorizer([acl('allow read t', { ...bob, patternType: patternTypes.prefixed })]))).toEqual([]);
});

test.each<[string, Acl[], boolean]>([
  ['nothing', [], false],
  ['WRITE on a prefix', [acl('allow write pp*')], true],
  ['all on a name', [acl('allow all q')], true],
  ['READ', [acl('allow read q')], false],
  ['WRITE, and the same name denied', [acl('allow write q'), acl('deny write q')], false],
  ['WRITE, and every name denied', [acl('allow write q'), acl('deny write *')], false],
  [
    'a prefix, and a shorter one denied',
    [acl('allow write qq*'), acl('deny write q*', { resourceName: 'q', patternType: 4 })],
    false,
  ],
  ['a prefix, and a longer one denied', [acl('allow write qq*'), acl('deny write qqq*')], true],
  ['a prefix, and a name in it denied', [acl('allow write qq*'), acl('deny write qq')], true],
  ['every name, and a prefix denied', [acl('allow write *'), acl('deny write qq*')], true],
])('some topic can be written with %s: %s', (_name, acls, expected) => {
  expect(authorizer(acls).mayDoSomewhere({ principal: alice, host: '127.0.0.1' }, 'write', 'topic')).toBe(expected);
});

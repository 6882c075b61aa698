import { expect, it } from 'vitest';
import { endPointOf, viewThrough } from '../../api/metadata/cluster-view.ts';
import { testConfig } from '../testing/test-config.ts';
import { brokerConfigFrom } from './broker-config.ts';
import { endPointsOf } from './listeners.ts';

function configWith(settings: Readonly<Record<string, string>>, advertised?: { host: string; port: number }) {
  return brokerConfigFrom({
    brokerId: 1,
    clusterId: testConfig.clusterId,
    clusterKey: testConfig.clusterKey,
    dataFolder: '/data',
    listen: { host: '127.0.0.1', port: 9_092 },
    ...(advertised && { advertised }),
    voters: [{ id: 1, host: '127.0.0.1', port: 9_092 }],
    settings,
  });
}

const keys = { 'ssl.keystore.location': '/keys.p12' };

it('listens where its file says, without a word about listeners', () => {
  const { listenerSet } = configWith({}, { host: 'outside', port: 1 });
  const only = { name: 'PLAINTEXT', protocol: 'PLAINTEXT', host: '127.0.0.1', port: 9_092 };
  expect(listenerSet).toEqual({
    listeners: [{ ...only, advertised: { host: 'outside', port: 1 } }],
    interBroker: { ...only, advertised: { host: 'outside', port: 1 } },
  });
});

it('has listeners of several names, ports and protocols, and registers all, that of brokers first', () => {
  const { listenerSet } = configWith({
    ...keys,
    listeners: 'OUTSIDE://0.0.0.0:9093, INSIDE://:9092, V6://[::1]:9094',
    'advertised.listeners': 'OUTSIDE://kafka.example:19093',
    'listener.security.protocol.map': 'INSIDE:PLAINTEXT,OUTSIDE:SASL_SSL,V6:SSL',
    'inter.broker.listener.name': 'INSIDE',
  });
  expect(endPointsOf(listenerSet)).toEqual([
    { name: 'INSIDE', host: '127.0.0.1', port: 9_092, securityProtocol: 0 },
    { name: 'OUTSIDE', host: 'kafka.example', port: 19_093, securityProtocol: 3 },
    { name: 'V6', host: '::1', port: 9_094, securityProtocol: 1 },
  ]);
});

it('finds the listener of brokers by its protocol too', () => {
  const { listenerSet } = configWith({
    ...keys,
    listeners: 'PLAINTEXT://h:1,SSL://h:2',
    'security.inter.broker.protocol': 'SSL',
  });
  expect(listenerSet.interBroker.name).toBe('SSL');
});

it.each<[string, Readonly<Record<string, string>>, RegExp]>([
  ['a name without a protocol', { listeners: 'ODD://h:1' }, /protocol of listener ODD/],
  ['a name twice', { listeners: 'SSL://h:1,SSL://h:2', ...keys }, /each listener once/],
  ['two of a kind on a port', { listeners: 'SSL://h:1,SASL_SSL://h:1', ...keys }, /port of its own/],
  ['what cannot be read', { listeners: 'h:1' }, /NAME:\/\/host:port/],
  ['an address nobody can reach', { listeners: 'PLAINTEXT://0.0.0.0:1' }, /host that clients can reach/],
  ['a stranger that is advertised', { 'advertised.listeners': 'SSL://h:1' }, /in advertised.listeners, found SSL/],
  ['a stranger for brokers', { 'inter.broker.listener.name': 'SSL' }, /inter.broker.listener.name, found "SSL"/],
  ['a protocol of brokers that no listener has', { 'security.inter.broker.protocol': 'SSL' }, /found "SSL"/],
  ['a protocol that does not exist', { 'listener.security.protocol.map': 'PLAINTEXT:TLS' }, /protocols of PLAINTEXT/],
  ['TLS without keys', { listeners: 'SSL://h:1' }, /ssl.keystore.location/],
  [
    'a setting of another listener',
    { 'listener.name.ssl.ssl.client.auth': 'none' },
    /expected a listener of plaintext/,
  ],
  ['a setting out of bounds', { 'ssl.client.auth': 'maybe' }, /one of required, requested, none/],
  [
    'tokens that nobody has signed',
    { 'listener.security.protocol.map': 'PLAINTEXT:SASL_PLAINTEXT', 'sasl.enabled.mechanisms': 'OAUTHBEARER' },
    /jwks.endpoint.url.*expected.audience.*expected.issuer/,
  ],
  [
    'keys of tokens from afar without TLS',
    {
      'listener.security.protocol.map': 'PLAINTEXT:SASL_PLAINTEXT',
      'sasl.enabled.mechanisms': 'OAUTHBEARER',
      'sasl.oauthbearer.jwks.endpoint.url': 'http://elsewhere/keys',
    },
    /address of this machine/,
  ],
])('refuses %s', (_, settings, message) => {
  expect(() => configWith(settings)).toThrow(message);
});

it('tells a client of brokers where they have the listener that it came in on', () => {
  const endPoints = [
    { name: 'INSIDE', host: 'in', port: 1 },
    { name: 'OUTSIDE', host: 'out', port: 2 },
  ];
  const broker = { id: 1, host: 'in', port: 1, endPoints, rack: null, fenced: false };
  const old = { ...broker, id: 2, endPoints: endPoints.slice(0, 1) };
  const view = {
    clusterId: 'c',
    brokers: new Map([broker, old].map((each) => [each.id, each])),
    topics: new Map(),
    topicsById: new Map(),
  };
  const shown = [...viewThrough(view, 'OUTSIDE').brokers.values()].map(({ id, host, port }) => ({ id, host, port }));
  expect(shown).toEqual([{ id: 1, host: 'out', port: 2 }]);
  expect(viewThrough(view, '')).toBe(view);
  expect(endPointOf(old, 'OUTSIDE')).toBeUndefined();
});

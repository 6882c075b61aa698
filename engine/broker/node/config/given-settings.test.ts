import { describe, expect, it } from 'vitest';
import { parseProperties } from '../../../base/properties-file.ts';
import { brokerConfigFrom } from './broker-config.ts';
import { brokerFileFrom } from './broker-file-from.ts';
import { givenSettings, settingsInEnvironment } from './given-settings.ts';
import { settingWarnings } from './setting-warnings.ts';

const given = (file: string, environment: Record<string, string> = {}, set: Record<string, string> = {}) =>
  givenSettings({ file: parseProperties(file), environment, set });
const identity = { clusterId: 'AAAAAAAAAAAAAAAAAAAAAw', clusterKey: 'abcdefghijklmnopqrstuv' };

describe('settings of a broker', () => {
  it('come from variables by the rule of Kafka’s container image', () => {
    const environment = {
      KAFKA_NUM_PARTITIONS: '5',
      KAFKA_LISTENER_NAME_A__B_PLAIN_SASL_JAAS_CONFIG: 'x',
      KAFKA_LISTENER_NAME_A_SCRAM___SHA___256_SASL_JAAS_CONFIG: 'y',
      KAFKA_HEAP_OPTS: '-Xmx1g',
      KAFKA_LOG4J_ROOT_LOGLEVEL: 'WARN',
      NUM_PARTITIONS: '6',
    };
    expect(Object.fromEntries(settingsInEnvironment(environment))).toEqual({
      'num.partitions': '5',
      'listener.name.a_b.plain.sasl.jaas.config': 'x',
      'listener.name.a.scram-sha-256.sasl.jaas.config': 'y',
    });
  });

  it('hold from the environment over the file, and as set over both', () => {
    const settings = given(
      'num.partitions=1\nfetch.max.bytes=2000\nmessage.max.bytes=3000',
      { KAFKA_NUM_PARTITIONS: '5', KAFKA_FETCH_MAX_BYTES: '4000' },
      { 'num.partitions': '9' },
    );
    expect(Object.fromEntries(settings)).toEqual({
      'num.partitions': '9',
      'fetch.max.bytes': '4000',
      'message.max.bytes': '3000',
    });
  });

  it('count hours and minutes where milliseconds are not given', () => {
    expect(given('log.retention.hours=2').get('log.retention.ms')).toBe('7200000');
    expect(given('log.retention.hours=2\nlog.retention.minutes=3').get('log.retention.ms')).toBe('180000');
    expect(given('log.retention.hours=2\nlog.retention.ms=7').get('log.retention.ms')).toBe('7');
    expect(given('log.retention.hours=-1\nlog.roll.hours=1').get('log.retention.ms')).toBe('-1');
    expect(given('log.roll.hours=x').get('log.roll.ms')).toBe('x');
  });

  it('are warned of where nothing depends on them, misspelt ones with the nearest', () => {
    expect(
      settingWarnings(given('num.partition=3\ntelemetry.max.bytes=1\nnum.partitions=1\nlog.retention.ms=1\nzzzz=1')),
    ).toEqual([
      'expected a setting of the broker, found "num.partition"; did you mean "num.partitions"?',
      'telemetry.max.bytes has no effect here',
      'expected a setting of the broker, found "zzzz"',
    ]);
  });
});

describe('the file of one broker', () => {
  it('follows from a server.properties of Kafka, whose controller listener is not needed', () => {
    const file = brokerFileFrom(
      given(`process.roles=broker,controller
        node.id=2
        controller.quorum.voters=1@a:9093,2@b:9093,3@c:9093
        listeners=PLAINTEXT://:9092,CONTROLLER://:9093
        inter.broker.listener.name=PLAINTEXT
        advertised.listeners=PLAINTEXT://b:9092
        controller.listener.names=CONTROLLER
        log.dirs=/var/lib/kafka
        num.partitions=4`),
      identity,
    );
    expect(file).toMatchObject({
      brokerId: 2,
      listen: { host: '0.0.0.0', port: 9092 },
      advertised: { host: 'b', port: 9092 },
      dataFolder: '/var/lib/kafka',
      voters: [
        { id: 1, host: 'a', port: 9092 },
        { id: 2, host: 'b', port: 9092 },
        { id: 3, host: 'c', port: 9092 },
      ],
    });
    expect(brokerConfigFrom(file).settings.numPartitions).toBe(4);
  });

  it('keeps listeners of other names, and reaches brokers on the one that is for them', () => {
    const file = brokerFileFrom(
      given(`node.id=1
        controller.quorum.voters=1@broker-1:29092,2@broker-2:29092
        listeners=INTERNAL://:29092,EXTERNAL://:9092,CONTROLLER://:9093
        advertised.listeners=INTERNAL://broker-1:29092,EXTERNAL://localhost:9092
        listener.security.protocol.map=INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT
        inter.broker.listener.name=INTERNAL
        controller.listener.names=CONTROLLER`),
      identity,
    );
    const { listeners, interBroker } = brokerConfigFrom(file).listenerSet;
    expect(listeners.map(({ name, port, advertised }) => [name, port, advertised.host])).toEqual([
      ['INTERNAL', 29_092, 'broker-1'],
      ['EXTERNAL', 9_092, 'localhost'],
    ]);
    expect(interBroker.name).toBe('INTERNAL');
  });

  it('is that of a cluster of one where nothing else is said', () => {
    expect(brokerFileFrom(given('controller.quorum.bootstrap.servers=localhost:9093'), identity)).toMatchObject({
      brokerId: 1,
      listen: { host: '0.0.0.0', port: 9092 },
      voters: [{ id: 1, host: 'localhost', port: 9092 }],
    });
  });

  it.each([
    ['node.id=x', 'node.id'],
    ['listeners=9092', 'expected NAME://host:port with commas between for listeners, found 9092'],
    ['controller.quorum.voters=a:1', 'expected id@host:port with commas between for controller.quorum.voters'],
    ['controller.quorum.bootstrap.servers=a:1,b:2', 'expected id@host:port of every broker'],
  ])('is refused with %s', (text, message) => {
    expect(() => brokerFileFrom(given(text), identity)).toThrow(message);
  });
});

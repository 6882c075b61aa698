import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Admin, Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka';
import type { SASLOptions } from 'kafkajs';
import { Kafka, logLevel } from 'kafkajs';
import { KafkaAdmin } from '../../../engine/kafka/admin.ts';
import { KafkaProducer } from '../../../engine/kafka/producer.ts';
import { kafkaLibs, whyNoApacheKafka } from '../../kit/apache-kafka.ts';
import { testConnection } from '../../kit/kafka-connections.ts';
import type { Access, Mechanism } from './secured-broker.ts';

/** A topic of its own and the way in. */
export interface Round {
  readonly topic: string;
  readonly access: Access;
}

/** A client of others, or ours: each round makes a topic, produces to it and consumes from it. */
export interface ClientKind {
  readonly name: string;
  /** Why it cannot be tried here. */
  readonly whyNot: string | undefined;
  /** Mechanisms that it does not have. */
  readonly lacks?: readonly Mechanism[];
  /** `ok` for each round, or what the client said. */
  run(rounds: readonly Round[]): Promise<readonly string[]>;
}

const roundMsMax = 60_000;
const roundsAtATime = 4;
const own = (path: string) => fileURLToPath(new URL(path, import.meta.url));

function said(command: string, args: readonly string[], input = '', timeout = roundMsMax): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { timeout });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
    child.once('error', (error) => resolve(error.message));
    child.once('close', () => resolve(text.trim()));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

function works(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore', timeout: roundMsMax }).status === 0;
}

/** A few at a time: most of a refusal is waiting. */
async function each(rounds: readonly Round[], one: (round: Round) => Promise<string>): Promise<readonly string[]> {
  const answers: string[] = [];
  const left = [...rounds.entries()];
  const worker = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [index, round] = next;
      answers[index] = await one(round).catch((error: unknown) => `failed: ${whole(error)}`);
    }
  };
  await Promise.all(new Array(roundsAtATime).fill(undefined).map(worker));
  return answers;
}

/** An error with all that caused it: what users read. */
function whole(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { errors = [] } = error as { readonly errors?: readonly unknown[] };
  const causes = error.cause === undefined ? errors : [error.cause, ...errors];
  return [error.message, ...causes.map(whole)].join(': ');
}

/** Options of librdkafka. */
function rdkafka({ servers, protocol, mechanism, ...access }: Access): Record<string, string> {
  return {
    'bootstrap.servers': servers,
    'security.protocol': protocol,
    ...(mechanism && { 'sasl.mechanisms': mechanism }),
    ...(access.username && { 'sasl.username': access.username, 'sasl.password': access.password ?? '' }),
    ...(access.caFile && { 'ssl.ca.location': access.caFile }),
    ...(access.certificateFile && {
      'ssl.certificate.location': access.certificateFile,
      'ssl.key.location': access.keyFile ?? '',
    }),
  };
}

const kcat: ClientKind = {
  name: 'kcat',
  // The build in most distributions has no OIDC, and with kcat there is no other way to get a signed token in.
  lacks: ['OAUTHBEARER'],
  whyNot: works('kcat', '-V') ? undefined : 'no kcat on this machine',
  run: (rounds) =>
    each(rounds, async ({ topic, access }) => {
      const options = Object.entries({ ...rdkafka(access), 'message.timeout.ms': '5000' });
      const args = options.flatMap(([name, value]) => ['-X', `${name}=${value}`]);
      const produced = await said('kcat', ['-P', '-t', topic, '-m', '5', ...args], 'from kcat\n');
      if (/ERROR|failed/.test(produced)) return `failed: ${produced}`;
      const consumed = await said('kcat', ['-C', '-t', topic, '-e', '-q', '-m', '10', ...args]);
      return consumed.includes('from kcat') ? 'ok' : `failed: ${produced} ${consumed}`;
    }),
};

const pythonCommand = process.env.MILLRACE_PYTHON ?? 'python3';
const python: ClientKind = {
  name: 'confluent-kafka (Python)',
  whyNot: works(pythonCommand, '-c', 'import confluent_kafka')
    ? undefined
    : 'no confluent-kafka (pip install confluent-kafka; MILLRACE_PYTHON names the interpreter)',
  run: (rounds) =>
    each(rounds, ({ topic, access }) =>
      said(pythonCommand, [
        own('python/client.py'),
        JSON.stringify({ topic, config: rdkafka(access), token: access.token }),
      ]),
    ),
};

function javaProperties(access: Access, folder: string, index: number): string {
  const module = 'org.apache.kafka.common.security';
  const { mechanism, username, password, caFile, certificateFile, keyFile } = access;
  const modules = { PLAIN: 'plain.PlainLoginModule', OAUTHBEARER: 'oauthbearer.OAuthBearerLoginModule' };
  const login = modules[mechanism as 'PLAIN'] ?? 'scram.ScramLoginModule';
  const who = access.tokenUrl
    ? 'clientId="me" clientSecret="secret" scope="kafka"'
    : `username="${username}" password="${password}"`;
  const keyStore = join(folder, `key-${index}.pem`);
  if (certificateFile && keyFile)
    writeFileSync(keyStore, readFileSync(keyFile, 'utf8') + readFileSync(certificateFile, 'utf8'));
  const values = {
    'bootstrap.servers': access.servers,
    'security.protocol': access.protocol,
    ...(mechanism && { 'sasl.mechanism': mechanism, 'sasl.jaas.config': `${module}.${login} required ${who};` }),
    ...(access.tokenUrl && {
      'sasl.login.callback.handler.class': `${module}.oauthbearer.OAuthBearerLoginCallbackHandler`,
      'sasl.oauthbearer.token.endpoint.url': access.tokenUrl,
    }),
    ...(caFile && { 'ssl.truststore.type': 'PEM', 'ssl.truststore.location': caFile }),
    ...(certificateFile && { 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': keyStore }),
  };
  const path = join(folder, `client-${index}.properties`);
  writeFileSync(
    path,
    Object.entries(values)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  return path;
}

const java: ClientKind = {
  name: "Kafka's Java clients 4.4.0",
  whyNot: whyNoApacheKafka(),
  run: async (rounds) => {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-java-'));
    const urls = rounds.flatMap(({ access }) => access.tokenUrl ?? []).join(',');
    const args = rounds.flatMap(({ topic, access }, index) => [javaProperties(access, folder, index), topic]);
    const program = [own('java/SecurityClient.java'), ...args];
    const allowed = `-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=${urls}`;
    const text = await said('java', ['-Xmx256m', allowed, '-cp', `${kafkaLibs()}/*`, ...program], '', 2 * roundMsMax);
    const lines = text.split('\n').filter((line) => /^(ok|failed)/.test(line));
    return rounds.map((_, index) => lines[index] ?? `failed: ${text.slice(-2_000)}`);
  },
};

const franzGo: ClientKind = {
  name: 'franz-go',
  whyNot: works('go', 'version') ? undefined : 'no Go on this machine',
  run: async (rounds) => {
    const program = join(mkdtempSync(join(tmpdir(), 'millrace-go-')), 'client');
    const built = spawnSync('go', ['build', '-o', program, '.'], { cwd: own('go'), encoding: 'utf8' });
    if (built.status !== 0) return rounds.map(() => `failed: ${built.stderr}`);
    const pem = (path: string | undefined) => (path === undefined ? '' : readFileSync(path, 'utf8'));
    return each(rounds, ({ topic, access }) => {
      const { servers, mechanism = '', username = '', password = '', token = '' } = access;
      const files = { ca: pem(access.caFile), certificate: pem(access.certificateFile), key: pem(access.keyFile) };
      return said(program, [JSON.stringify({ servers, topic, mechanism, username, password, token, ...files })]);
    });
  },
};

/** Options of Node's TLS. */
function nodeTls({ protocol, caFile, certificateFile, keyFile }: Access) {
  if (!protocol.endsWith('SSL')) return undefined;
  const pem = (path: string) => readFileSync(path, 'utf8');
  return {
    ...(caFile && { ca: [pem(caFile)] }),
    ...(certificateFile && keyFile && { cert: pem(certificateFile), key: pem(keyFile) }),
  };
}

const kafkaJs: ClientKind = {
  name: 'kafkajs',
  whyNot: undefined,
  run: (rounds) =>
    each(rounds, async ({ topic, access }) => {
      const { mechanism, username = '', password = '', token = '' } = access;
      const ssl = nodeTls(access);
      const sasl = mechanism && {
        mechanism: mechanism.toLowerCase(),
        ...(mechanism === 'OAUTHBEARER'
          ? { oauthBearerProvider: async () => ({ value: token }) }
          : { username, password }),
      };
      const kafka = new Kafka({
        brokers: access.servers.split(','),
        logLevel: logLevel.NOTHING,
        retry: { retries: 1 },
        ...(ssl && { ssl }),
        ...(sasl && { sasl: sasl as SASLOptions }),
      });
      const admin = kafka.admin();
      const producer = kafka.producer({ retry: { retries: 2 } });
      const consumer = kafka.consumer({ groupId: topic });
      try {
        await admin.connect();
        await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
        await producer.connect();
        await producer.send({ topic, messages: [{ value: 'from kafkajs' }] });
        await consumer.connect();
        await consumer.subscribe({ topic, fromBeginning: true });
        await new Promise<void>((resolve) => void consumer.run({ eachMessage: async () => resolve() }));
        return 'ok';
      } finally {
        await Promise.all([admin.disconnect(), producer.disconnect(), consumer.disconnect()]);
      }
    }),
};

const platformatic: ClientKind = {
  name: '@platformatic/kafka',
  whyNot: undefined,
  run: (rounds) =>
    each(rounds, async ({ topic, access }) => {
      const { mechanism, username, password, token } = access;
      const tls = nodeTls(access);
      const options = {
        clientId: 'conformance',
        bootstrapBrokers: access.servers.split(','),
        retries: 1,
        connectTimeout: 5_000,
        ...(tls && { tls }),
        ...(mechanism && { sasl: { mechanism, ...(token ? { token } : { username, password }) } }),
      };
      const admin = new Admin(options as never);
      const producer = new Producer({ ...options, serializers: stringSerializers } as never);
      const consumer = new Consumer({ ...options, groupId: topic, deserializers: stringDeserializers } as never);
      try {
        await admin.createTopics({ topics: [topic], partitions: 1, replicas: 1 });
        await producer.send({ messages: [{ topic, value: 'from platformatic' }] } as never);
        const stream = await consumer.consume({ topics: [topic], mode: 'earliest' } as never);
        for await (const _ of stream) break;
        return 'ok';
      } finally {
        await Promise.allSettled([admin.close(), producer.close(), consumer.close(true)]);
      }
    }),
};

function ours(transport: 'tcp' | 'websocket'): ClientKind {
  return {
    name: `the engine's own client, ${transport === 'tcp' ? 'TCP' : 'WebSocket'}`,
    whyNot: undefined,
    run: (rounds) =>
      each(rounds, async ({ topic, access }) => {
        const { mechanism, username = '', password = '', token = '' } = access;
        const tls = nodeTls(access);
        const connection = testConnection({
          bootstrapServers: access.servers,
          transport,
          ...(tls && {
            tls: {
              ...(tls.ca && { ca: tls.ca.join('\n') }),
              ...(tls.cert && tls.key && { certificate: tls.cert, privateKey: tls.key }),
            },
          }),
          ...(mechanism && {
            sasl: mechanism === 'OAUTHBEARER' ? { mechanism, token: () => token } : { mechanism, username, password },
          }),
        });
        const admin = new KafkaAdmin(connection);
        const producer = new KafkaProducer(connection);
        try {
          await admin.createTopic({ name: topic, partitions: 1 });
          await producer.send({ topic, value: Buffer.from('ours') });
          const { partitions } = await admin.describeTopic(topic);
          return partitions[0]?.endOffset === 1 ? 'ok' : 'failed: nothing there';
        } finally {
          await Promise.all([admin.close(), producer.close()]);
        }
      }),
  };
}

export const clientKinds: readonly ClientKind[] = [
  kcat,
  python,
  java,
  franzGo,
  kafkaJs,
  platformatic,
  ours('tcp'),
  ours('websocket'),
];

import type { Clock } from '../../base/clock.ts';
import { clientCredentials } from '../../kafka/wire/sasl/client-credentials.ts';
import type { SaslSettings } from '../../kafka/wire/sasl/sasl-settings.ts';
import type { JaasLogin } from './jaas-config.ts';
import { parseJaasConfig } from './jaas-config.ts';
import type { PropertyReader } from './property-reader.ts';

const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'] as const;
const modules: Readonly<Record<(typeof mechanisms)[number], string>> = {
  PLAIN: 'PlainLoginModule',
  'SCRAM-SHA-256': 'ScramLoginModule',
  'SCRAM-SHA-512': 'ScramLoginModule',
  OAUTHBEARER: 'OAuthBearerLoginModule',
};
/** Of a token that we sign with nothing, for brokers that are set up so (KIP-255). */
const unsecuredLifetimeS = 3_600;

/** How to log in: from `sasl.jaas.config`, or from the names that librdkafka has for what stands in it. */
export function saslFrom(reader: PropertyReader, clock: Clock): SaslSettings {
  const mechanism = mechanismOf(reader);
  const jaas = reader.text('sasl.jaas.config');
  const login = jaas === undefined ? undefined : parseJaasConfig(jaas);
  if (login && login.module !== modules[mechanism])
    reader.refuse('sasl.jaas.config', `${modules[mechanism]}, as sasl.mechanism is ${mechanism}`, login.module);
  if (mechanism === 'OAUTHBEARER') return tokenFrom(reader, login, clock);
  const from = (option: string, property: string) =>
    login?.options.get(option) ??
    reader.needed(property, `sasl.mechanism is ${mechanism} and no sasl.jaas.config has it`);
  return { mechanism, username: from('username', 'sasl.username'), password: from('password', 'sasl.password') };
}

function mechanismOf(reader: PropertyReader): (typeof mechanisms)[number] {
  const text = reader.text('sasl.mechanism');
  if (text !== undefined) return reader.choice('sasl.mechanism', mechanisms) ?? 'PLAIN';
  return reader.refuse(
    'sasl.mechanism',
    `one of ${mechanisms.join(', ')}`,
    "none (Java's default, GSSAPI, is not served)",
  );
}

function tokenFrom(reader: PropertyReader, login: JaasLogin | undefined, clock: Clock): SaslSettings {
  const options = login?.options ?? new Map<string, string>();
  const extensions = { ...listOf(reader.text('sasl.oauthbearer.extensions')), ...extensionsIn(options) };
  const common = { mechanism: 'OAUTHBEARER', ...(Object.keys(extensions).length ? { extensions } : {}) } as const;
  const subject = options.get('unsecuredLoginStringClaim_sub');
  const tokenUrl = reader.text('sasl.oauthbearer.token.endpoint.url');
  if (subject !== undefined && tokenUrl === undefined)
    return { ...common, token: () => unsecuredToken(subject, Math.floor(clock.now() / 1_000)) };
  const why = 'sasl.mechanism is OAUTHBEARER';
  const prefix = 'sasl.oauthbearer.client.credentials.client';
  const settings = {
    tokenUrl: tokenUrl ?? reader.needed('sasl.oauthbearer.token.endpoint.url', why),
    clientId: options.get('clientId') ?? reader.needed(`${prefix}.id`, why),
    clientSecret: options.get('clientSecret') ?? reader.needed(`${prefix}.secret`, why),
    scope: options.get('scope') ?? reader.text('sasl.oauthbearer.scope') ?? '',
  };
  return { ...common, token: clientCredentials(settings, clock, fetch) };
}

function extensionsIn(options: ReadonlyMap<string, string>): Record<string, string> {
  const begin = 'extension_';
  return Object.fromEntries(
    [...options].filter(([name]) => name.startsWith(begin)).map(([name, value]) => [name.slice(begin.length), value]),
  );
}

function listOf(text = ''): Record<string, string> {
  const pairs = text.split(',').filter((pair) => pair.includes('='));
  return Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')).trim(), pair.slice(pair.indexOf('=') + 1)]),
  );
}

function unsecuredToken(sub: string, iat: number): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ sub, iat, exp: iat + unsecuredLifetimeS })}.`;
}

import { principalMappingIn } from '../../security/principal-mapping.ts';
import { saslMechanisms, standardMechanisms } from '../../security/sasl/sasl-mechanism.ts';
import { listsOf } from './listener-protocol.ts';
import type { SettingDeclaration } from './setting.ts';
import { booleanSetting, intSetting, parseSetting, secretSetting, textSetting } from './setting.ts';

function oneOf(...words: readonly string[]): (text: string) => string | undefined {
  return (text) => (words.includes(text) ? undefined : `one of ${words.join(', ')}`);
}

const storeTypes = oneOf('PEM', 'PKCS12', 'JKS');
const tlsVersions = ['TLSv1.2', 'TLSv1.3'];
const ms = { type: 'long', min: 1, unit: 'ms' } as const;

/**
 * What every listener may have on its own: under the plain name for all of them, under `listener.name.<name>.` for one. A mechanism's
 * own settings have its name before theirs: `listener.name.<name>.plain.sasl.jaas.config`.
 */
export const listenerSettingDeclarations: readonly SettingDeclaration[] = [
  textSetting(
    'ssl.keystore.type',
    'string',
    'JKS',
    'Form of the key store: PEM, PKCS12, or JKS, which PKCS #12 passes for.',
    storeTypes,
  ),
  textSetting('ssl.keystore.location', 'string', '', 'File with the private key and the certificates of this broker.'),
  secretSetting('ssl.keystore.password', 'Password of the key store.'),
  secretSetting('ssl.key.password', 'Password of the private key, where it has one of its own.'),
  secretSetting('ssl.keystore.key', 'Private key as PEM, in place of a file.'),
  textSetting(
    'ssl.keystore.certificate.chain',
    'string',
    '',
    'Certificates of the private key as PEM, in place of a file.',
  ),
  textSetting(
    'ssl.truststore.type',
    'string',
    'JKS',
    'Form of the trust store: PEM, PKCS12, or JKS, which PKCS #12 passes for.',
    storeTypes,
  ),
  textSetting(
    'ssl.truststore.location',
    'string',
    '',
    'File with the authorities that certificates must be signed by.',
  ),
  secretSetting('ssl.truststore.password', 'Password of the trust store.'),
  textSetting('ssl.truststore.certificates', 'string', '', 'These authorities as PEM, in place of a file.'),
  textSetting(
    'ssl.client.auth',
    'string',
    'none',
    'Whether clients show a certificate: required, requested, none.',
    oneOf('required', 'requested', 'none'),
  ),
  textSetting(
    'ssl.principal.mapping.rules',
    'string',
    'DEFAULT',
    'How the name in a certificate becomes the name of a user: DEFAULT, or RULE:pattern/replacement/ with L or U behind.',
    (text) => (principalMappingIn(text) ? undefined : 'DEFAULT or RULE:pattern/replacement/[LU], with commas between'),
  ),
  textSetting('ssl.enabled.protocols', 'list', tlsVersions.join(','), 'Versions of TLS.', (text) =>
    listsOf(text).length > 0 && listsOf(text).every((version) => tlsVersions.includes(version))
      ? undefined
      : `some of ${tlsVersions.join(', ')}`,
  ),
  textSetting(
    'ssl.endpoint.identification.algorithm',
    'string',
    'https',
    'How brokers compare the name of a peer with its certificate; nothing: not at all.',
    oneOf('https', ''),
  ),
  booleanSetting('ssl.allow.dn.changes', false, 'Whether a new certificate may be of another name.'),
  booleanSetting('ssl.allow.san.changes', false, 'Whether a new certificate may be for other hosts.'),
  textSetting(
    'sasl.enabled.mechanisms',
    'list',
    standardMechanisms.join(','),
    'How clients may prove who they are.',
    (text) =>
      listsOf(text).every((name) => (saslMechanisms as readonly string[]).includes(name))
        ? undefined
        : `some of ${saslMechanisms.join(', ')}`,
  ),
  secretSetting(
    'sasl.jaas.config',
    'Users and passwords of PLAIN, as options user_NAME="password" of Kafka\'s PlainLoginModule.',
  ),
  intSetting(
    'connections.max.reauth.ms',
    0,
    { type: 'long', min: 0, unit: 'ms' },
    'Time after which a client must prove again who it is; 0: never (KIP-368).',
  ),
  textSetting(
    'sasl.server.callback.handler.class',
    'class',
    '',
    'Shown for tools that set it; what checks logins here needs no class.',
  ),
  textSetting(
    'sasl.oauthbearer.jwks.endpoint.url',
    'string',
    '',
    'Where the keys are that tokens are signed with: file://, https://, or http:// on this machine.',
    (text) =>
      text === '' || /^(file|https?):\/\//.test(text)
        ? undefined
        : 'a URL that begins with file://, http:// or https://',
  ),
  textSetting('sasl.oauthbearer.expected.audience', 'list', '', 'Whom tokens must be for: one of these.'),
  textSetting('sasl.oauthbearer.expected.issuer', 'string', '', 'Who must have issued a token.'),
  booleanSetting('sasl.oauthbearer.allow.unverified.audience', false, 'Whether tokens for anybody will do.'),
  booleanSetting('sasl.oauthbearer.allow.unverified.issuer', false, 'Whether tokens of any issuer will do.'),
  textSetting('sasl.oauthbearer.scope.claim.name', 'string', 'scope', 'Claim of a token that holds its scope.'),
  textSetting('sasl.oauthbearer.sub.claim.name', 'string', 'sub', 'Claim of a token that holds the name of the user.'),
  intSetting(
    'sasl.oauthbearer.clock.skew.seconds',
    30,
    { min: 0, unit: 's' },
    'How much the clock of who issues tokens may differ.',
  ),
  intSetting('sasl.oauthbearer.jwks.endpoint.refresh.ms', 3_600_000, ms, 'How often the keys are read anew.'),
  intSetting(
    'sasl.oauthbearer.jwks.endpoint.retry.backoff.ms',
    100,
    ms,
    'Wait before keys are asked for again after a failure.',
  ),
  intSetting('sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms', 10_000, ms, 'Longest such wait.'),
];

const byName: ReadonlyMap<string, SettingDeclaration> = new Map(
  listenerSettingDeclarations.map((declaration) => [declaration.name, declaration]),
);
const prefixForm =
  /^listener\.name\.([a-z0-9_.-]+?)\.((?:ssl|sasl|connections|plain|scram-sha-256|scram-sha-512|oauthbearer)\..+)$/;
const mechanismForm = /^(?:plain|scram-sha-256|scram-sha-512|oauthbearer)\.(.+)$/;

/** What a name under Kafka's rules is about: a setting of listeners, and which listener where it is one's own. */
export interface ListenerSettingName {
  readonly declaration: SettingDeclaration;
  /** Lower case; undefined: all of them. */
  readonly listener: string | undefined;
}

/** Undefined for a name that is no setting of listeners. */
export function listenerSettingNamed(name: string): ListenerSettingName | undefined {
  const prefixed = prefixForm.exec(name);
  const rest = prefixed?.[2] ?? name;
  const own = prefixed ? (mechanismForm.exec(rest)?.[1] ?? rest) : rest;
  const declaration = byName.get(own);
  return declaration && { declaration, listener: prefixed?.[1] };
}

const storeSetting = /^ssl\.(keystore|truststore|key)\./;

/** Whether a setting of one listener may change while it serves: what its stores are, and where. */
export function isDynamicListenerSetting(name: string): boolean {
  const found = listenerSettingNamed(name);
  return found?.listener !== undefined && storeSetting.test(found.declaration.name);
}

/** The settings of one listener: its own, else those of all, else the defaults. */
export class ListenerSettings {
  readonly #values: ReadonlyMap<string, string>;
  readonly #prefix: string;

  constructor(values: ReadonlyMap<string, string>, listener: string) {
    this.#values = values;
    this.#prefix = `listener.name.${listener.toLowerCase()}.`;
  }

  /** `mechanism`: where it may have a value of its own. */
  text(name: string, mechanism?: string): string {
    const own = mechanism && this.#values.get(`${this.#prefix}${mechanism.toLowerCase()}.${name}`);
    const given = own ?? this.#values.get(this.#prefix + name) ?? this.#values.get(name);
    return given ?? String(byName.get(name)?.defaultFor({ brokers: 1 }) ?? '');
  }

  /** Undefined where it is empty. */
  optional(name: string): string | undefined {
    return this.text(name) || undefined;
  }

  number(name: string, mechanism?: string): number {
    return Number(this.text(name, mechanism));
  }

  flag(name: string): boolean {
    return this.text(name) === 'true';
  }
}

/** What is wrong with settings of listeners, each in a sentence. `listeners`: names in lower case. */
export function listenerSettingFaults(values: ReadonlyMap<string, string>, listeners: readonly string[]): string[] {
  return [...values].flatMap(([name, text]) => {
    const found = listenerSettingNamed(name);
    if (!found) return [];
    const { declaration, listener } = found;
    if (listener !== undefined && !listeners.includes(listener))
      return [`expected a listener of ${listeners.join(', ')} in "${name}", found ${listener}`];
    const parsed = parseSetting({ ...declaration, name }, text);
    return 'problem' in parsed ? [parsed.problem] : [];
  });
}

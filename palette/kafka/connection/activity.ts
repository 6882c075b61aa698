import { defineActivity } from '../../../engine/spi/define-activity.ts';

const servers = { field: 'cluster', is: ['servers'] } as const;
const tls = { field: 'securityProtocol', is: ['SSL', 'SASL_SSL'] } as const;
const files = { field: 'clientCertificate', is: ['files'] } as const;
const pkcs12 = { field: 'clientCertificate', is: ['pkcs12'] } as const;
const secrets = { field: 'clientCertificate', is: ['secrets'] } as const;
const sasl = { field: 'securityProtocol', is: ['SASL_PLAINTEXT', 'SASL_SSL'] } as const;
const password = { field: 'saslMechanism', is: ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] } as const;
const token = { field: 'saslMechanism', is: ['OAUTHBEARER'] } as const;

/** The shared resource behind every Kafka activity. Fields follow TIBCO's Kafka Connection; times are in milliseconds. */
export default defineActivity({
  type: 'kafka.connection',
  title: 'Kafka Connection',
  group: 'Kafka',
  kind: 'resource',
  summary: 'Says which Kafka cluster activities talk to: the one that comes with Millrace, or any other.',
  keywords: ['cluster', 'broker', 'bootstrap', 'sasl', 'tls', 'shared resource'],
  suggestedId: 'cluster',
  config: {
    cluster: {
      kind: 'choice',
      label: 'Cluster',
      help: 'The bundled cluster needs no settings: its address comes from the run. Choose servers for any other Kafka cluster.',
      default: 'bundled',
      choices: [
        { value: 'bundled', label: 'Bundled cluster', help: 'The cluster of this installation, over WebSockets' },
        { value: 'servers', label: 'Servers', help: 'Any Apache Kafka compatible cluster, over TCP' },
      ],
    },
    bootstrapServers: {
      kind: 'text',
      label: 'Bootstrap servers',
      help: 'Brokers to ask for the rest of the cluster, as host:port, separated by commas. Two or three are enough.',
      placeholder: 'broker-1:9092,broker-2:9092',
      required: true,
      visibleWhen: servers,
    },
    securityProtocol: {
      kind: 'choice',
      label: 'Security',
      help: 'How the connection is protected; it must match the listener of the brokers.',
      default: 'PLAINTEXT',
      choices: [
        { value: 'PLAINTEXT', label: 'None (PLAINTEXT)' },
        { value: 'SSL', label: 'TLS (SSL)' },
        { value: 'SASL_PLAINTEXT', label: 'Login (SASL_PLAINTEXT)' },
        { value: 'SASL_SSL', label: 'Login over TLS (SASL_SSL)' },
      ],
      visibleWhen: servers,
    },
    caFile: {
      kind: 'file',
      label: 'CA certificates',
      help: 'PEM file with the certificates that sign the brokers’ own; empty means the ones that Node trusts.',
      extensions: ['pem', 'crt'],
      visibleWhen: tls,
    },
    clientCertificate: {
      kind: 'choice',
      label: 'Client certificate is in',
      help: 'Where the certificate comes from that brokers ask for (mutual TLS). Leave its fields empty where they ask for none.',
      default: 'files',
      choices: [
        { value: 'files', label: 'PEM files' },
        { value: 'pkcs12', label: 'A PKCS #12 file' },
        { value: 'secrets', label: 'Secrets (PEM)' },
      ],
      visibleWhen: tls,
    },
    certificateFile: {
      kind: 'file',
      label: 'Client certificate',
      help: 'PEM file with the certificate, and with those that it was signed with where brokers need them.',
      extensions: ['pem', 'crt'],
      visibleWhen: files,
    },
    keyFile: {
      kind: 'file',
      label: 'Client key',
      help: 'PEM file with the private key that belongs to the client certificate.',
      extensions: ['pem', 'key'],
      visibleWhen: files,
    },
    keyStoreFile: {
      kind: 'file',
      label: 'Key store',
      help: 'PKCS #12 file with certificate and key, as keytool and openssl make them.',
      extensions: ['p12', 'pfx'],
      visibleWhen: pkcs12,
    },
    certificatePem: {
      kind: 'secret',
      label: 'Client certificate',
      help: 'A reference to the PEM text of the certificate; the value comes from the environment of the run.',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the reference syntax of projects
      placeholder: '${secret:KAFKA_CERTIFICATE}',
      visibleWhen: secrets,
    },
    keyPem: {
      kind: 'secret',
      label: 'Client key',
      help: 'A reference to the PEM text of the private key; the value comes from the environment of the run and is never stored.',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the reference syntax of projects
      placeholder: '${secret:KAFKA_KEY}',
      visibleWhen: secrets,
    },
    keyPassword: {
      kind: 'secret',
      label: 'Key password',
      help: 'Password of the client key or the key store, where it is encrypted.',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the reference syntax of projects
      placeholder: '${secret:KAFKA_KEY_PASSWORD}',
      visibleWhen: tls,
    },
    saslMechanism: {
      kind: 'choice',
      label: 'SASL mechanism',
      help: 'How we log in. PLAIN sends the password and OAUTHBEARER the token as it is: use them over TLS only.',
      default: 'SCRAM-SHA-512',
      choices: [
        { value: 'PLAIN', label: 'PLAIN' },
        { value: 'SCRAM-SHA-256', label: 'SCRAM-SHA-256' },
        { value: 'SCRAM-SHA-512', label: 'SCRAM-SHA-512' },
        { value: 'OAUTHBEARER', label: 'OAUTHBEARER', help: 'With a token of an OAuth 2 server' },
      ],
      visibleWhen: sasl,
    },
    username: { kind: 'text', label: 'User', help: 'SASL user name.', required: true, visibleWhen: password },
    password: {
      kind: 'secret',
      label: 'Password',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the reference syntax of projects
      help: 'A reference such as ${secret:KAFKA_PASSWORD}; the value comes from the environment of the run and is never stored.',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the reference syntax of projects
      placeholder: '${secret:KAFKA_PASSWORD}',
      required: true,
      visibleWhen: password,
    },
    tokenUrl: {
      kind: 'text',
      label: 'Token URL',
      help: 'Where the OAuth 2 server gives tokens for client credentials.',
      placeholder: 'https://id.example.com/oauth2/token',
      pattern: 'https?://.+',
      required: true,
      visibleWhen: token,
    },
    tokenClientId: {
      kind: 'text',
      label: 'OAuth client',
      help: 'Id of the client that the OAuth 2 server knows us as.',
      required: true,
      visibleWhen: token,
    },
    tokenClientSecret: {
      kind: 'secret',
      label: 'OAuth client secret',
      help: 'Secret of that client, as a reference; the value comes from the environment of the run and is never stored.',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the reference syntax of projects
      placeholder: '${secret:KAFKA_CLIENT_SECRET}',
      required: true,
      visibleWhen: token,
    },
    tokenScope: {
      kind: 'text',
      label: 'Scope',
      help: 'What the token is asked for; empty where the server needs none.',
      visibleWhen: token,
    },
    clientId: {
      kind: 'text',
      label: 'Client id',
      help: 'Name under which brokers log and limit this client.',
      default: 'millrace',
      pattern: '[A-Za-z0-9._-]{1,249}',
      section: 'Advanced',
    },
    connectTimeoutMs: {
      kind: 'number',
      label: 'Connect timeout',
      help: 'How long to wait for a connection to a broker before the next one is tried.',
      default: 5_000,
      min: 100,
      max: 120_000,
      unit: 'ms',
      integer: true,
      section: 'Advanced',
    },
    requestTimeoutMs: {
      kind: 'number',
      label: 'Request timeout',
      help: 'How long to wait for the answer to a request before it is tried again.',
      default: 30_000,
      min: 1_000,
      max: 600_000,
      unit: 'ms',
      integer: true,
      section: 'Advanced',
    },
    retryBackoffMs: {
      kind: 'number',
      label: 'Retry backoff',
      help: 'Pause before a failed request or connection is tried again.',
      default: 100,
      min: 10,
      max: 60_000,
      unit: 'ms',
      integer: true,
      section: 'Advanced',
    },
    metadataMaxAgeMs: {
      kind: 'number',
      label: 'Metadata age',
      help: 'How old the knowledge of topics and leaders may get before it is fetched anew.',
      default: 300_000,
      min: 100,
      max: 3_600_000,
      unit: 'ms',
      integer: true,
      section: 'Advanced',
    },
  },
  input: {},
  output: { type: 'null' },
  faults: [
    {
      code: 'KAFKA_CONNECT_FAILED',
      title: 'No broker answered',
      help: 'Check that the cluster runs and that the addresses are right.',
    },
    {
      code: 'KAFKA_AUTHENTICATION_FAILED',
      title: 'The broker or the token server refused us',
      help: 'Check user, password and mechanism, or client, secret and scope.',
    },
    {
      code: 'KAFKA_TOKEN_FAILED',
      title: 'The token server could not be reached or failed',
      help: 'Check the token URL; it is asked again with the next connection.',
    },
    {
      code: 'KAFKA_TLS_FAILED',
      title: 'No protected connection could be made',
      help: 'Check that the port speaks TLS, the CA certificates, and the client certificate where brokers ask for one.',
    },
    {
      code: 'KAFKA_BAD_CERTIFICATE',
      title: 'A certificate or key cannot be used',
      help: 'Check that files and secrets hold what their fields ask for, that key and certificate belong together, and the key password.',
    },
    {
      code: 'FILE_READ_FAILED',
      title: 'A file of certificates or keys cannot be read',
      help: 'Check that the file is there, and that the run may read it; paths start at the project folder.',
    },
    {
      code: 'KAFKA_BAD_ADDRESS',
      title: 'The bootstrap servers are no addresses',
      help: 'Write them as host:port with commas between them.',
    },
    {
      code: 'KAFKA_UNSUPPORTED_SASL_MECHANISM',
      title: 'The broker does not offer this SASL mechanism',
      help: 'Choose one of those that the message names.',
    },
    {
      code: 'KAFKA_ILLEGAL_SASL_STATE',
      title: 'The broker wants no login here',
      help: 'Choose a security without login, or the port of the listener with SASL.',
    },
  ],
});

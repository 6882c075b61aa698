import { pbkdf2Sync } from 'node:crypto';
import { expect, test } from 'vitest';
import { PlainExchange } from './plain-exchange.ts';
import { plainUsersIn } from './plain-users.ts';
import { ScramServerExchange } from './scram-exchange.ts';
import { scramHash, scramHmac, scramKeys } from './scram-keys.ts';

const jaas =
  'org.apache.kafka.common.security.plain.PlainLoginModule required username="x" user_alice="se\\"cret" user_bob="b";';

test('users of PLAIN are those of a JAAS configuration', () => {
  expect([...plainUsersIn(jaas)]).toEqual([
    ['alice', 'se"cret'],
    ['bob', 'b'],
  ]);
});

test.each<[string, string, string | undefined]>([
  ['the right password', '\0alice\0se"cret', undefined],
  ['the same authorization id', 'alice\0alice\0se"cret', undefined],
  ['a wrong password', '\0alice\0x', 'Authentication failed: Invalid username or password'],
  ['an unknown user', '\0eve\0x', 'Authentication failed: Invalid username or password'],
  ['a name of every object', '\0constructor\0x', 'Authentication failed: Invalid username or password'],
  ['no user', '\0\0x', 'Authentication failed: username not specified'],
  ['no password', '\0alice\0', 'Authentication failed: password not specified'],
  [
    'another authorization id',
    'bob\0alice\0se"cret',
    'Authentication failed: Client requested an authorization id that is different from username',
  ],
  ['two parts', 'alice\0se"cret', 'Invalid SASL/PLAIN response: expected 3 tokens, got 2'],
])('PLAIN with %s', (_name, token, message) => {
  const outcome = new PlainExchange(plainUsersIn(jaas)).next(Buffer.from(token));
  if (message === undefined) expect(outcome).toMatchObject({ kind: 'proved', userName: 'alice' });
  else expect(outcome).toEqual({ kind: 'refused', message });
});

/** The example of RFC 7677, section 3. */
const clientNonce = 'rOprNGfwEbeRWgbNEkqO';
const serverNonce = '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
const credential = {
  salt,
  iterations: 4_096,
  ...scramKeys('SCRAM-SHA-256', pbkdf2Sync('pencil', salt, 4_096, 32, 'sha256')),
};
const proof = 'dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=';
const finalToken = `c=biws,r=${clientNonce}${serverNonce},p=${proof}`;

function scram() {
  const credentialOf = (user: string) => (user === 'user' || user === 'a,b=c' ? credential : undefined);
  return new ScramServerExchange({ mechanism: 'SCRAM-SHA-256', credentialOf, serverNonce });
}

test('SCRAM computes what RFC 7677 shows', () => {
  const exchange = scram();
  expect(exchange.next(Buffer.from(`n,,n=user,r=${clientNonce}`))).toEqual({
    kind: 'goes on',
    answer: Buffer.from(`r=${clientNonce}${serverNonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`),
  });
  expect(exchange.next(Buffer.from(finalToken))).toEqual({
    kind: 'proved',
    userName: 'user',
    answer: Buffer.from('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4='),
  });
});

/** The last token of a client that knows the password. */
function finalTokenWith(nonce: string): string {
  const salted = pbkdf2Sync('pencil', salt, 4_096, 32, 'sha256');
  const withoutProof = `c=biws,r=${nonce}`;
  const challenge = `r=${clientNonce}${serverNonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`;
  const signed = `n=user,r=${clientNonce},${challenge},${withoutProof}`;
  const clientKey = scramHmac('SCRAM-SHA-256', salted, 'Client Key');
  const signature = scramHmac('SCRAM-SHA-256', scramHash('SCRAM-SHA-256', clientKey), signed);
  const proof = Buffer.from(clientKey.map((byte, at) => byte ^ (signature[at] ?? 0)));
  return `${withoutProof},p=${proof.toString('base64')}`;
}

test.each([
  ['as it is', clientNonce + serverNonce, 'proved'],
  ["with the client's own in front, as librdkafka before 2.6.1", clientNonce + clientNonce + serverNonce, 'proved'],
  ["without the client's part", serverNonce, 'refused'],
  ['of another exchange', `${clientNonce}x${serverNonce}`, 'refused'],
])('SCRAM takes the nonce %s or not', (_name, nonce, kind) => {
  const exchange = scram();
  exchange.next(Buffer.from(`n,,n=user,r=${clientNonce}`));
  expect(exchange.next(Buffer.from(finalTokenWith(nonce)))).toMatchObject({ kind });
});

const general =
  'Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-256';

test.each([
  ['an unknown user', 'n,,n=eve,r=x', general],
  ['channel binding', 'p=tls-unique,,n=user,r=x', general],
  ['garbage', 'hello', general],
  ['no nonce', 'n,,n=user', general],
  ['an unescaped name', 'n,,n=a,b=c,r=x', general],
  [
    'another authorization id',
    'n,a=other,n=user,r=x',
    'Authentication failed: Client requested an authorization id that is different from username',
  ],
])('SCRAM refuses a first token with %s', (_name, token, message) => {
  expect(scram().next(Buffer.from(token))).toEqual({ kind: 'refused', message });
});

test.each([
  ['a wrong proof', finalToken.replace('dHzb', 'eHzb')],
  ['a short proof', finalToken.replace(proof, 'dHzb')],
  ['another nonce', finalToken.replace(serverNonce, 'x')],
  ['another binding', finalToken.replace('biws', 'eSws')],
  ['the first token again', `n,,n=user,r=${clientNonce}`],
])('SCRAM refuses a last token with %s', (_name, token) => {
  const exchange = scram();
  exchange.next(Buffer.from(`n,,n=user,r=${clientNonce}`));
  expect(exchange.next(Buffer.from(token))).toEqual({ kind: 'refused', message: general });
});

test('SCRAM reads names with commas and equals signs, the same authorization id, and passes over extensions', () => {
  const token = Buffer.from('n,a=a=2Cb=3Dc,n=a=2Cb=3Dc,r=x,ext=1');
  expect(scram().next(token)).toMatchObject({ kind: 'goes on' });
});

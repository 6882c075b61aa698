import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whyNoCertificates } from '../../../engine/kafka/testing/test-certificates.ts';
import { clientKinds } from './client-kinds.ts';
import type { Access, Mechanism, SecuredBroker } from './secured-broker.ts';
import { ann, eve, startSecuredBroker } from './secured-broker.ts';

const mechanisms: readonly Mechanism[] = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'];
const whyNone = whyNoCertificates();

/** What must go well, by name. */
function waysIn(broker: SecuredBroker): ReadonlyMap<string, Access> {
  const logins = mechanisms.flatMap((mechanism): [string, Access][] => [
    [`${mechanism} SASL_SSL`, broker.login(mechanism, true)],
    [`${mechanism} SASL_PLAINTEXT`, broker.login(mechanism, false)],
  ]);
  return new Map([...logins, ['client certificate', broker.mutual]]);
}

/** What must not, with what Kafka says of it; a client may have words of its own. */
function waysOut(broker: SecuredBroker): ReadonlyMap<string, readonly [Access, RegExp]> {
  const wrong = { ...ann, password: 'wrong' };
  return new Map([
    [
      'wrong password, PLAIN',
      [{ ...broker.login('PLAIN', false), ...wrong }, /Invalid username or password|SASL authentication failed/],
    ],
    [
      'wrong password, SCRAM',
      [
        { ...broker.login('SCRAM-SHA-512', true), ...wrong },
        /invalid credentials with SASL mechanism SCRAM-SHA-512|SASL authentication failed/,
      ],
    ],
    // What kafkajs and @platformatic/kafka do not read is the refusal: they go on, and the connection closes.
    ['expired token', [broker.expiredToken, /invalid_token|Closed connection|SASL state/]],
    ['wrong CA', [broker.foreignCa, /certificate|handshake|TLS|SSL/i]],
    ['missing ACL', [{ ...broker.login('PLAIN', false), ...eve }, /[Aa]uthoriz/]],
  ] as const);
}

describe.skipIf(whyNone)(`clients of others on a secured broker${whyNone ? ` (skipped: ${whyNone})` : ''}`, () => {
  let broker: SecuredBroker;

  beforeAll(async () => {
    broker = await startSecuredBroker();
  });
  afterAll(() => broker?.stop());

  it.each(
    clientKinds.map((kind, at) => ({
      kind,
      at,
      title: `${kind.name}${kind.whyNot ? ` (skipped: ${kind.whyNot})` : ''}`,
    })),
  )('$title', async ({ kind, at, title }) => {
    if (kind.whyNot) return console.warn(title);
    const has = (access: Access) => !access.mechanism || !kind.lacks?.includes(access.mechanism);
    const into = new Map([...waysIn(broker)].filter(([, access]) => has(access)));
    const outOf = new Map([...waysOut(broker)].filter(([, [access]]) => has(access)));
    const rounds = [...into.values(), ...[...outOf.values()].map(([access]) => access)].map((access, index) => ({
      topic: `round-${at}-${index}`,
      access,
    }));
    const answers = await kind.run(rounds);
    if (process.env.MILLRACE_SHOW_ANSWERS)
      console.warn([...into.keys(), ...outOf.keys()].map((name, index) => `${name}: ${answers[index]}`).join('\n'));
    const good = new Map([...into.keys()].map((name, index) => [name, answers[index]]));
    expect(Object.fromEntries(good)).toEqual(Object.fromEntries([...into.keys()].map((name) => [name, 'ok'])));
    for (const [index, [name, [, expected]]] of [...outOf].entries())
      expect(`${name}: ${answers[into.size + index]}`).toMatch(
        new RegExp(`failed.*(${expected.source})`, `s${expected.flags}`),
      );
  });
});

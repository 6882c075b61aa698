import { expect, it } from 'vitest';
import { userOf } from './scram-user-option.ts';

it('reads users as Kafka writes them', () => {
  expect(userOf('SCRAM-SHA-256=[name=bob,password="a secret"]')).toEqual({
    name: 'bob',
    password: 'a secret',
    mechanism: 'SCRAM-SHA-256',
    iterations: 4_096,
  });
  expect(userOf('SCRAM-SHA-512=[name=bob,iterations=8192,password=s,salt=c2FsdA==]')).toMatchObject({
    iterations: 8_192,
    salt: Buffer.from('salt'),
  });
});

it.each([
  'bob',
  'PLAIN=[name=bob,password=s]',
  'SCRAM-SHA-256=[name=bob]',
  'SCRAM-SHA-256=[name=bob,password=s,shoe=9]',
  'SCRAM-SHA-256=[name=bob,password=s,iterations=10]',
])('refuses %s, and shows no password', (text) => {
  expect(() => userOf(text)).toThrow(/--add-scram: (?!.*password=s,)/);
});

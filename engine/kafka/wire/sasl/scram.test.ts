import { describe, expect, it } from 'vitest';
import { ScramExchange } from './scram.ts';

/** The example of RFC 7677, section 3. */
const nonce = 'rOprNGfwEbeRWgbNEkqO';
const challenge = Buffer.from(`r=${nonce}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`);
const settings = { mechanism: 'SCRAM-SHA-256', username: 'user', password: 'pencil' } as const;

const refusedBy = async (text: string) =>
  new ScramExchange(settings, nonce).proof(Buffer.from(text)).catch((error) => error.code);

describe('SCRAM', () => {
  it('computes what RFC 7677 shows, and knows the true broker by its signature', async () => {
    const exchange = new ScramExchange(settings, nonce);
    expect(exchange.first().toString()).toBe(`n,,n=user,r=${nonce}`);
    expect((await exchange.proof(challenge)).toString()).toBe(
      `c=biws,r=${nonce}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`,
    );
    exchange.verify(Buffer.from('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4='));
    expect(() => exchange.verify(Buffer.from('v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4='))).toThrow(
      'could not prove',
    );
    expect(() => exchange.verify(Buffer.from('e=unknown-user'))).toThrow('unknown-user');
  });

  it('writes user names with commas and equals signs as the RFC says', () => {
    const exchange = new ScramExchange({ ...settings, username: 'a=b,c' }, nonce);
    expect(exchange.first().toString()).toBe(`n,,n=a=3Db=2Cc,r=${nonce}`);
  });

  it.each([
    ['too few iterations, which would give the password away', `r=${nonce}x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1`],
    ['so many iterations that we would not come back', `r=${nonce}x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=2000000000`],
    ['a nonce that is not ours', 'r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096'],
    ['no addition to our nonce', `r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`],
    ['something else', 'hello'],
  ])('refuses a challenge with %s', async (_, text) => {
    expect(await refusedBy(text)).toBe('KAFKA_AUTHENTICATION_FAILED');
  });
});

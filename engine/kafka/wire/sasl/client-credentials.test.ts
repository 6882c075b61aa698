import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../base/testing/manual-clock.ts';
import { clientCredentials } from './client-credentials.ts';

const settings = { tokenUrl: 'https://id.example/token', clientId: 'a b', clientSecret: 'p:%', scope: 'kafka' };

/** A token server that answers in turn. */
function ground(...answers: (Response | Error)[]) {
  const clock = new ManualClock();
  const asked: { readonly url: string; readonly body: string; readonly login: string | null }[] = [];
  const fetch = async (url: unknown, init?: RequestInit) => {
    asked.push({ url: String(url), body: String(init?.body), login: new Headers(init?.headers).get('authorization') });
    const answer = answers[Math.min(asked.length, answers.length) - 1]!;
    if (answer instanceof Error) throw answer;
    return answer.clone();
  };
  return { clock, asked, token: clientCredentials(settings, clock, fetch as typeof globalThis.fetch) };
}

const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status });

describe('client credentials', () => {
  it('shows who we are, and uses a token for most of its lifetime', async () => {
    const { clock, asked, token } = ground(json({ access_token: 't1', expires_in: 100 }), json({ access_token: 't2' }));
    expect(await Promise.all([token(), token()])).toEqual(['t1', 't1']);
    clock.advance(79_000);
    expect(await token()).toBe('t1');
    expect(asked).toEqual([
      {
        url: settings.tokenUrl,
        body: 'grant_type=client_credentials&scope=kafka',
        login: `Basic ${Buffer.from('a%20b:p%3A%25').toString('base64')}`,
      },
    ]);
    clock.advance(2_000);
    expect([await token(), await token()]).toEqual(['t2', 't2']);
    expect(asked).toHaveLength(3);
  });

  it.each([
    [
      json({ error: 'invalid_client' }, 401),
      'KAFKA_AUTHENTICATION_FAILED',
      false,
      'answered 401: {"error":"invalid_client"}',
    ],
    [json({ token: 'x' }), 'KAFKA_AUTHENTICATION_FAILED', false, 'without an access_token'],
    [new Response('<html>'), 'KAFKA_AUTHENTICATION_FAILED', false, 'without an access_token: <html>'],
    [json({}, 503), 'KAFKA_TOKEN_FAILED', true, 'answered 503'],
    [json({}, 429), 'KAFKA_TOKEN_FAILED', true, 'answered 429'],
    [new Error('fetch failed', { cause: new Error('ECONNREFUSED') }), 'KAFKA_TOKEN_FAILED', true, 'ECONNREFUSED'],
  ])('says whose fault it is, case %#', async (answer, code, retriable, text) => {
    const { token } = ground(answer);
    await expect(token()).rejects.toMatchObject({ code, retriable, message: expect.stringContaining(text) });
  });
});

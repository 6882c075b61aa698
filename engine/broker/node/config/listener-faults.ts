import { hasSasl, hasTls, listsOf } from './listener-protocol.ts';
import { ListenerSettings } from './listener-settings.ts';
import type { Listener } from './listeners.ts';

/** What is missing for a listener to serve anybody, each in a sentence: better said at the start than by every client. */
export function listenerFaults(given: ReadonlyMap<string, string>, { name, protocol }: Listener): string[] {
  const settings = new ListenerSettings(given, name);
  return [
    ...(hasTls(protocol) ? tlsFaults(name, settings) : []),
    ...(hasSasl(protocol) && listsOf(settings.text('sasl.enabled.mechanisms')).includes('OAUTHBEARER')
      ? tokenFaults(name, settings)
      : []),
  ];
}

function tlsFaults(name: string, settings: ListenerSettings): string[] {
  if (settings.text('ssl.keystore.location') !== '' || settings.text('ssl.keystore.key') !== '') return [];
  return [`expected ssl.keystore.location (or ssl.keystore.key) for listener ${name}, which speaks TLS, found none`];
}

function tokenFaults(name: string, settings: ListenerSettings): string[] {
  const setting = (key: string) => `sasl.oauthbearer.${key}`;
  const url = settings.text(setting('jwks.endpoint.url'));
  const checks = [
    [
      url !== '',
      `expected ${setting('jwks.endpoint.url')} for listener ${name}: tokens that nobody has signed are not taken here`,
    ],
    [
      !url.startsWith('http:') || isLoopback(url),
      `expected https:// or an address of this machine for ${setting('jwks.endpoint.url')}, found "${url}"`,
    ],
    [
      settings.text(setting('expected.audience')) !== '' || settings.flag(setting('allow.unverified.audience')),
      `expected ${setting('expected.audience')} for listener ${name}, or ${setting('allow.unverified.audience')}=true`,
    ],
    [
      settings.text(setting('expected.issuer')) !== '' || settings.flag(setting('allow.unverified.issuer')),
      `expected ${setting('expected.issuer')} for listener ${name}, or ${setting('allow.unverified.issuer')}=true`,
    ],
  ] as const;
  return checks.filter(([isFine]) => !isFine).map(([, fault]) => fault);
}

function isLoopback(url: string): boolean {
  return /^http:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?(\/|$)/.test(url);
}

import type { Log } from '../../../base/log.ts';
import type { TokenRules } from '../../security/sasl/oauth-token.ts';
import type { BrokerConfig } from '../config/broker-config.ts';
import { hasSasl, listsOf } from '../config/listener-protocol.ts';
import { ListenerSettings } from '../config/listener-settings.ts';
import type { TokenKeySet } from './token-keys.ts';
import { tokenKeySetOf } from './token-keys.ts';

const urlSetting = 'sasl.oauthbearer.jwks.endpoint.url';

/** The key sets of all listeners that take tokens, one for each URL. */
export class ListenerTokenKeys {
  readonly #byUrl = new Map<string, TokenKeySet>();

  constructor({ listenerSet, given }: Pick<BrokerConfig, 'listenerSet' | 'given'>, log: Log) {
    for (const { name, protocol } of listenerSet.listeners) {
      const settings = new ListenerSettings(given, name);
      const takesTokens =
        hasSasl(protocol) && listsOf(settings.text('sasl.enabled.mechanisms')).includes('OAUTHBEARER');
      const url = settings.text(urlSetting);
      if (takesTokens && !this.#byUrl.has(url)) this.#byUrl.set(url, tokenKeySetOf(settings, log));
    }
  }

  /** Resolves when all have been read for the first time, or cannot be read now. */
  async start(): Promise<void> {
    await Promise.all([...this.#byUrl.values()].map((keys) => keys.start()));
  }

  stop(): void {
    for (const keys of this.#byUrl.values()) keys.stop();
  }

  of(settings: ListenerSettings): TokenRules['keyOf'] {
    const keys = this.#byUrl.get(settings.text(urlSetting));
    return (keyId, algorithm) => keys?.keyOf(keyId, algorithm) ?? [];
  }
}

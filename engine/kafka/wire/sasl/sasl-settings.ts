/** User and password for a broker (KIP-43, KIP-84). */
export interface PasswordSettings {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  readonly username: string;
  readonly password: string;
}

/** A token of an OAuth 2 server (KIP-255). Asked for anew at each connection and re-authentication. */
export interface TokenSettings {
  readonly mechanism: 'OAUTHBEARER';
  readonly token: () => string | Promise<string>;
  /** SASL extensions (KIP-342): names of letters, values of printable ASCII. */
  readonly extensions?: Readonly<Record<string, string>>;
}

export type SaslSettings = PasswordSettings | TokenSettings;

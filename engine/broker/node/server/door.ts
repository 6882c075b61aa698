import type { TlsEndpoint } from './tls/tls-endpoint.ts';

/** What leads in through a door, with TLS or without. */
export interface Entrance {
  /** Name of the listener; undefined where there is only one. */
  readonly listener: string | undefined;
  /** Whether brokers come in here. */
  readonly isForPeers: boolean;
}

/** A port with what is served on it: the first byte of a connection tells TLS from everything else. */
export interface Door {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** Undefined: nobody comes in without TLS, except to ask how the broker is. */
  readonly plain?: Entrance | undefined;
  readonly tls?: (Entrance & { readonly endpoint: TlsEndpoint }) | undefined;
}

/** A socket that has come in, and how. */
export interface Arrival {
  /** Undefined: it may ask how the broker is, and no more. */
  readonly entrance: Entrance | undefined;
  /** The user that the client's certificate names. */
  readonly certifiedName: string | undefined;
}

import { WireFault } from '../kafka-error.ts';

/** How a broken connection was being used when it broke: the same reset means different things. */
export interface ConnectionUse {
  readonly isTls: boolean;
  readonly hasClientCertificate: boolean;
  /** TCP (and TLS) stood already. */
  readonly isConnected: boolean;
  /** Any bytes of the broker were seen. */
  readonly hasHeard: boolean;
}

interface SocketError extends Error {
  readonly code?: string;
  readonly errors?: readonly Error[];
}

/** Trying again changes nothing about a certificate. */
const tlsFault = (text: string, cause?: unknown) =>
  new WireFault('KAFKA_TLS_FAILED', text, cause === undefined ? {} : { cause });

/** One line for whatever ended a connection, with a guess at the setting behind it where a user would not see it. */
export function connectionFault(address: string, error: Error | undefined, use: ConnectionUse): WireFault {
  if (!error) return closedByBroker(address, use);
  const failure = lastOf(error);
  const code = failure.code ?? '';
  if (/ALERT_CERTIFICATE_REQUIRED|ALERT_HANDSHAKE_FAILURE|ALERT_BAD_CERTIFICATE|ALERT_UNKNOWN_CA/.test(code))
    return tlsFault(certificateText(address, code, use), error);
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG')
    return tlsFault(`${address} does not speak TLS: the broker's port is for plain connections`, error);
  if (code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || /CERT|SELF_SIGNED|UNABLE_TO_/.test(code))
    return tlsFault(`TLS to ${address} failed: ${failure.message}`, error);
  if (use.isTls && !use.isConnected && /before secure TLS connection/.test(failure.message))
    return tlsFault(`${address} closed the connection during the TLS handshake: it may not speak TLS`, error);
  if (code === 'ECONNRESET' && !use.hasHeard && use.isConnected) return closedByBroker(address, use, error);
  return new WireFault('KAFKA_CONNECT_FAILED', failure.message || String(code), { cause: error, retriable: true });
}

function closedByBroker(address: string, use: ConnectionUse, cause?: Error): WireFault {
  const details = { retriable: true, ...(cause ? { cause } : {}) };
  if (use.hasHeard) return new WireFault('KAFKA_CONNECT_FAILED', `${address} closed the connection`, details);
  if (!use.isTls)
    return new WireFault(
      'KAFKA_CONNECT_FAILED',
      `${address} closed the connection before it answered: it may expect TLS`,
      details,
    );
  return new WireFault(
    'KAFKA_CONNECT_FAILED',
    `${address} closed the connection before it answered${use.hasClientCertificate ? '' : ': it may expect a client certificate'}`,
    details,
  );
}

function certificateText(address: string, code: string, use: ConnectionUse): string {
  if (!use.hasClientCertificate) return `${address} expects a client certificate (mutual TLS), found none`;
  return `${address} refused the client certificate (${code})`;
}

/** Of several addresses of one name the last: an AggregateError itself says nothing. */
function lastOf(error: SocketError): SocketError {
  return (error.errors?.at(-1) as SocketError | undefined) ?? error;
}

/** The bytes of a TLS alert where a size was expected: the port speaks TLS and we do not. */
export function looksLikeTls(head: Buffer): boolean {
  return head.length >= 3 && head[0] === 0x15 && head[1] === 0x03 && head[2]! <= 0x04;
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GuardOptions } from './request-guard.ts';
import { refusePage } from './request-guard.ts';

/** What the HTTP side shows; the broker supplies it. */
export interface BrokerStatus {
  /** Undefined while the broker can serve; else what it waits for, in a few words. */
  readonly unreadyReason: () => string | undefined;
  /** All metrics in Prometheus' text form. */
  readonly metricsText: () => string;
}

interface Page {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
}

const prometheusType = 'text/plain; version=0.0.4; charset=utf-8';

/** Answers `/healthz` (the process lives, and what keeps it from serving), `/readyz` (clients may be sent here) and `/metrics`. */
export function answerHttp(
  request: IncomingMessage,
  response: ServerResponse,
  status: BrokerStatus,
  { showsMetrics, ...guard }: GuardOptions & { readonly showsMetrics: boolean },
): void {
  const refusal = refusePage(request.headers, guard);
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const page: Page = refusal
    ? { status: refusal.status, body: `${refusal.reason}\n` }
    : isRead
      ? pageFor(request.url ?? '/', status, showsMetrics || isLoopback(request))
      : { status: 405, body: 'method not allowed: only GET and HEAD\n' };
  response.writeHead(page.status, {
    ...(page.status === 405 && { allow: 'GET, HEAD' }),
    // One request a connection: the time limit of a connection is then that of its request.
    connection: 'close',
    'content-type': page.type ?? 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(page.body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(page.body);
}

/** Metrics name topics and groups: where clients must speak TLS, they are shown without it on this machine only. */
function isLoopback({ socket }: IncomingMessage): boolean {
  return /^(::1$|(::ffff:)?127\.)/.test(socket.remoteAddress ?? '');
}

function pageFor(url: string, status: BrokerStatus, showsMetrics: boolean): Page {
  switch (url.split('?', 1)[0]) {
    case '/healthz': {
      const reason = status.unreadyReason();
      return { status: 200, body: reason === undefined ? 'ok\n' : `ok, but not ready: ${reason}\n` };
    }
    case '/readyz': {
      const reason = status.unreadyReason();
      return reason === undefined ? { status: 200, body: 'ready\n' } : { status: 503, body: `not ready: ${reason}\n` };
    }
    case '/metrics':
      if (!showsMetrics) return { status: 403, body: 'expected TLS (https)\n' };
      return { status: 200, body: status.metricsText(), type: prometheusType };
    case '/kafka':
    case '/peer':
      return { status: 426, body: 'expected a WebSocket upgrade\n' };
    default:
      return { status: 404, body: 'not found: try /healthz, /readyz or /metrics\n' };
  }
}

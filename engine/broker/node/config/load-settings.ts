import { booleanSetting, intSetting } from './setting.ts';

const mebibyte = 1_048_576;

/** What clients may ask for at a time, and what they may use up of this broker. */
export const loadSettings = {
  socketRequestMaxBytes: intSetting(
    'socket.request.max.bytes',
    100 * mebibyte,
    { min: 1_024, max: 1_024 * mebibyte, unit: 'bytes' },
    'Largest request; a larger one closes the connection before anything is allocated.',
  ),
  connectionInFlightRequestsMax: intSetting(
    'connection.in.flight.requests.max',
    100,
    { min: 1, max: 10_000, unit: 'requests' },
    'Unanswered requests of one connection; more are not read until some are answered.',
  ),
  connectionSendBufferBytesMax: intSetting(
    'connection.send.buffer.bytes.max',
    16 * mebibyte,
    { min: 1_024, unit: 'bytes' },
    'Unsent bytes of one connection above which its requests are not read.',
  ),
  queuedMaxRequestBytes: intSetting(
    'queued.max.request.bytes',
    200 * mebibyte,
    { min: 1_024, unit: 'bytes' },
    'Requests that have not arrived whole, over all connections; above it only the oldest of them is read on.',
  ),
  queuedMaxResponseBytes: intSetting(
    'queued.max.response.bytes',
    128 * mebibyte,
    { min: 1_024, unit: 'bytes' },
    'Responses that clients have not taken, over all connections; the nearer, the smaller are fetch responses.',
  ),
  quotaWindowNum: intSetting(
    'quota.window.num',
    11,
    { min: 1, max: 3_600, unit: 'samples' },
    'Samples that client quotas are measured over.',
  ),
  quotaWindowSizeSeconds: intSetting(
    'quota.window.size.seconds',
    1,
    { min: 1, unit: 's' },
    'Time of one sample of client quotas.',
  ),
  quotaSmoothing: booleanSetting(
    'quota.smoothing',
    false,
    'Whether quotas of bytes let through what they allow in a sample at a time; without it a burst of a whole window, and a trickle after it, as Kafka does.',
  ),
  controllerQuotaWindowNum: intSetting(
    'controller.quota.window.num',
    11,
    { min: 1, max: 3_600, unit: 'samples' },
    'Samples that the quota of changes by clients is gathered over.',
  ),
  controllerQuotaWindowSizeSeconds: intSetting(
    'controller.quota.window.size.seconds',
    1,
    { min: 1, unit: 's' },
    'Time of one sample of the quota of changes by clients.',
  ),
};

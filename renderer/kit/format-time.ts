const absolute = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium' });
const zone = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' });

/** `2026-11-22 10:15:03.042`, in the time of this machine. */
export function formatTime(atMs: number): string {
  if (!isTime(atMs)) return 'no time';
  return `${absolute.format(atMs)}.${String(((Math.floor(atMs) % 1000) + 1000) % 1000).padStart(3, '0')}`;
}

/** The same with the name of the time zone, for tooltips. */
export function formatTimeWithZone(atMs: number): string {
  if (atMs < 0) return 'The producer gave no time';
  if (!isTime(atMs)) return `${atMs} ms after 1970, beyond the calendar`;
  return `${formatTime(atMs)} ${zone.formatToParts(atMs).find(({ type }) => type === 'timeZoneName')?.value ?? ''}`;
}

const steps = [
  { limitMs: 60_000, unitMs: 1_000, name: 's' },
  { limitMs: 3_600_000, unitMs: 60_000, name: 'min' },
  { limitMs: 86_400_000, unitMs: 3_600_000, name: 'h' },
  { limitMs: Number.POSITIVE_INFINITY, unitMs: 86_400_000, name: 'd' },
] as const;

/** `now`, `12 s ago`, `3 h ago`; `in 5 s` for a clock that is ahead. */
export function formatAgo(atMs: number, nowMs: number): string {
  if (!isTime(atMs)) return '';
  const distance = Math.abs(nowMs - atMs);
  if (distance < 1_000) return 'now';
  const step = steps.find(({ limitMs }) => distance < limitMs) ?? steps[3];
  const text = `${Math.floor(distance / step.unitMs)} ${step.name}`;
  return atMs > nowMs ? `in ${text}` : `${text} ago`;
}

/** `<0.1 ms`, `0.4 ms`, `12 ms`, `3.2 s`, `2 min 5 s`. */
export function formatDuration(ms: number): string {
  if (ms < 0.05) return '<0.1 ms';
  if (ms < 10) return `${Math.round(ms * 10) / 10} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Kafka writes -1 for "none"; dates beyond the calendar cannot be shown. */
function isTime(atMs: number): boolean {
  return atMs >= 0 && atMs <= 8.64e15;
}

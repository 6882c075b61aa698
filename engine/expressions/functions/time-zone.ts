const formatters = new Map<string, Intl.DateTimeFormat>();
/** Zones that are remembered at most: a name may come from the data. */
const formattersMax = 200;

/**
 * How far a time zone is from UTC at a moment, in minutes: `+05:00`, `-0330`, `+05`, `Z`, `UTC`, or a name of the IANA list such as
 * `Europe/Berlin`, whose summer time counts. Undefined for what is no time zone.
 */
export function zoneOffsetMinutes(zone: string, millis: number): number | undefined {
  const text = zone.trim();
  const numeric = /^([+-]?)(\d{2})(?::?(\d{2}))?$/.exec(text);
  if (numeric) {
    const [, sign, hours = '', minutes = '0'] = numeric;
    if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
    const offset = Number(hours) * 60 + Number(minutes);
    return sign === '-' ? -offset : offset;
  }
  if (/^(Z|UTC|GMT)$/i.test(text)) return 0;
  const formatter = formatterOf(text);
  const shown = formatter?.formatToParts(millis).find(({ type }) => type === 'timeZoneName')?.value;
  if (shown === undefined) return undefined;
  const offset = /^GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(shown);
  if (!offset) return undefined;
  const minutes = Number(offset[2] ?? 0) * 60 + Number(offset[3] ?? 0);
  return offset[1] === '-' ? -minutes : minutes;
}

function formatterOf(zone: string): Intl.DateTimeFormat | undefined {
  const known = formatters.get(zone);
  if (known) return known;
  // What Intl would take as an offset of its own spelling, or a plain word, is no name.
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(zone)) return undefined;
  try {
    const made = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    if (formatters.size < formattersMax) formatters.set(zone, made);
    return made;
  } catch {
    return undefined;
  }
}

/** An offset as JSONata's interpreter reads it: `+0530`. Only for offsets that it reads rightly, see time-functions.ts. */
export function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}${pad(size % 60)}`;
}

/** One part of a date picture: `[Y0001]`, or the text between two of them. */
export interface PicturePart {
  /** As it stands in the picture. */
  readonly source: string;
  /** The letter behind the bracket; undefined for text. */
  readonly component: string | undefined;
  readonly isName: boolean;
  readonly pattern: string;
}

const months = 'January February March April May June July August September October November December'.split(' ');
const weekdays = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

/** The parts of a picture, each with a pattern for what the library reads there. */
export function partsOfPicture(picture: string): readonly PicturePart[] {
  const sources = picture.match(/\[\[|\[[^\]]*\]|(?:[^[\]]|\]\]|\])+/g) ?? [];
  return sources.map((source, index) => {
    const isText = source === '[[' || !source.startsWith('[');
    if (!isText) return markerPart(source, sources[index + 1]);
    const text = source === '[[' ? '[' : source.replaceAll(']]', ']');
    return { source, component: undefined, isName: false, pattern: escaped(text) };
  });
}

function markerPart(source: string, next: string | undefined): PicturePart {
  const [, component = '', presentation = '', widthMin = '0'] =
    /^\[(.)([^,]*(?:,[^,]+(?=,))*)(?:,(\d*).*)?\]$/.exec(source.replaceAll(/\s+/g, '')) ?? [];
  const isName = 'MxFP'.includes(component) && /^(?:[Nn]|$)/.test(presentation || (/[FP]/.test(component) ? 'n' : '1'));
  const part = (pattern: string): PicturePart => ({ source, component, isName, pattern });
  if (/[Zz]/.test(component)) return part(zonePattern(component, presentation));
  if (component === 'f') return part('[0-9]+');
  if (isName) return part('[A-Za-z]+');
  const digits = Math.max((presentation || '1').match(/\p{Nd}/gu)?.length ?? 0, Number(widthMin) || 0);
  if (presentation !== '' && !/\p{Nd}/u.test(presentation)) return part('[A-Za-z][A-Za-z, -]*?');
  // Where one number follows another, the first has the digits that its picture shows.
  const isFollowed = next?.startsWith('[') && !/^\[(?:\[|[Zz])/.test(next);
  return part(`[0-9]${isFollowed ? `{${digits}}` : '[0-9,]*'}${presentation.endsWith('o') ? '(?:th|st|nd|rd)' : ''}`);
}

function zonePattern(component: string, presentation: string): string {
  const separator = /[^\d]/.exec(presentation.replace(/t$/, '') || '01:01')?.[0];
  return `${component === 'z' ? 'GMT' : ''}[-+][0-9]+${separator ? `${escaped(separator)}[0-9]+` : ''}`;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** The texts of the parts; undefined where the text is not as the picture says. */
export function splitByPicture(text: string, parts: readonly PicturePart[]): readonly string[] | undefined {
  return new RegExp(`^${parts.map(({ pattern }) => `(${pattern})`).join('')}$`, 'i').exec(text)?.slice(1);
}

/** A name as the library looks for it, which knows one way to write each; undefined for what is none. */
export function knownName({ component, source }: PicturePart, text: string): string | undefined {
  if (component === 'P') return /^[ap]m$/i.test(text) ? text.toLowerCase() : undefined;
  const max = /-(\d+)\]$/.exec(source)?.[1];
  const names = (component === 'F' ? weekdays : months).map((name) => name.slice(0, max ? Number(max) : undefined));
  return names.find((name) => name.toLowerCase() === text.toLowerCase());
}

/** Minutes of `+05:30`, `-0330`, `+01`, `GMT-03:30`; undefined for what no clock shows. */
export function offsetMinutes(text: string): number | undefined {
  const [, sign, hours = '', minutes = '0'] = /([-+])(\d{1,2})\D?(\d{2})?$/.exec(text) ?? [];
  if (sign === undefined || Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const size = Number(hours) * 60 + Number(minutes);
  return sign === '-' ? -size : size;
}

/**
 * Whether a moment (in UTC) shows what was read for one component: 29 February of a common year is 1 March by then. `value` is the number
 * that stands in the text, or its name. Fractions and what the library does not read say nothing.
 */
export function isShown(moment: Date, { component, isName }: PicturePart, text: string, value: number): boolean {
  const name = text.toLowerCase();
  const hour = moment.getUTCHours();
  switch (component) {
    case 'Y':
      return lastDigits(moment.getUTCFullYear(), text) === value;
    case 'M':
      return isName ? months[moment.getUTCMonth()]!.toLowerCase().startsWith(name) : moment.getUTCMonth() + 1 === value;
    case 'D':
      return moment.getUTCDate() === value;
    case 'd':
      return dayOfYear(moment) === value;
    case 'F':
      return isName
        ? weekdays[moment.getUTCDay()]!.toLowerCase().startsWith(name)
        : (moment.getUTCDay() || 7) === value;
    case 'H':
      return hour === value;
    case 'h':
      return (hour % 12 || 12) === value;
    case 'P':
      return (hour < 12 ? 'am' : 'pm') === name;
    case 'm':
      return moment.getUTCMinutes() === value;
    case 's':
      return moment.getUTCSeconds() === value;
    default:
      return true;
  }
}

/** As many digits of a year as were written, at least two: `[Y01]` shows its last ones. */
function lastDigits(year: number, text: string): number {
  return /^\d{1,3}$/.test(text) ? year % 10 ** Math.max(text.length, 2) : year;
}

const dayMs = 86_400_000;

function dayOfYear(moment: Date): number {
  return Math.floor((moment.getTime() - Date.UTC(moment.getUTCFullYear(), 0)) / dayMs) + 1;
}

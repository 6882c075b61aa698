import jsonata from 'jsonata';
import { EvaluationFault } from '../expression-error.ts';
import { checkMillis, parseTimestamp } from '../functions/time-functions.ts';
import { offsetText, zoneOffsetMinutes } from '../functions/time-zone.ts';
import type { Where } from '../values/values.ts';
import type { PicturePart } from './date-pictures.ts';
import { isShown, knownName, offsetMinutes, partsOfPicture, splitByPicture } from './date-pictures.ts';

const format = jsonata('$fromMillis($millis, $picture, $zone)');
const parse = jsonata('$toMillis($text, $picture)');
const integer = jsonata('$parseInteger($piece, $presentation)');

const isoPicture = '[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]';
const minuteMs = 60_000;

/** `$fromMillis` with any picture and any time zone; JSONata's own knows whole hours and `+hhmm` only, and is wrong for `-0330`. */
export async function formatMillis(
  millis: number,
  picture: string | undefined,
  zone: string | undefined,
  where: Where,
): Promise<string> {
  const offset = zone === undefined ? 0 : zoneOffsetMinutes(zone, checkMillis(millis, where));
  if (offset === undefined) throw new EvaluationFault('TIME_ZONE', where, zone);
  checkMillis(millis + offset * minuteMs, where);
  // `[[` is a bracket of the text; behind an even number of brackets `[Z]` is a zone.
  const pieces = (picture ?? isoPicture).split(/((?<=(?:^|[^[])(?:\[\[)*)\[[Zz][^\]]*\])/);
  const texts = await Promise.all(
    pieces.map((piece, index) => {
      if (piece === '') return '';
      return index % 2 ? formatOffset(piece, offset) : evaluate(piece, millis + offset * minuteMs, undefined);
    }),
  );
  return texts.join('');
}

/** The library prints offsets east of Greenwich rightly; those west of it are the same with another sign. */
async function formatOffset(piece: string, offset: number): Promise<string> {
  const text = await evaluate(piece, 0, offsetText(Math.abs(offset)));
  return offset < 0 ? text.replace('+', '-') : text;
}

async function evaluate(picture: string, millis: number, zone: string | undefined): Promise<string> {
  return String(await format.evaluate({}, { millis, picture, zone }));
}

/**
 * `$toMillis`: with a picture as the library reads it, but never a date or a time that calendar and clock do not have, and with every
 * time zone: the library takes -03:30 for -02:30. Names of months, days and half days may be written in any case.
 */
export async function parseMillis(
  text: string,
  picture: string | undefined,
  where: Where,
): Promise<number | undefined> {
  if (picture === undefined) return parseTimestamp(text, where);
  const parts = partsOfPicture(picture);
  const found = splitByPicture(text, parts);
  const millis = found ? await readParts(parts, found) : await readPlainly(text, picture);
  if (Number.isNaN(millis)) throw new EvaluationFault('D3110', { ...where, index: 1 }, text);
  return millis;
}

async function readPlainly(text: string, picture: string): Promise<number | undefined> {
  const millis: unknown = await parse.evaluate({}, { text, picture });
  if (millis === undefined) return undefined;
  return typeof millis === 'number' && Number.isFinite(millis) ? millis : Number.NaN;
}

/** NaN for a date that does not exist. */
async function readParts(parts: readonly PicturePart[], found: readonly string[]): Promise<number | undefined> {
  let offset = 0;
  let [text, picture] = ['', ''];
  for (const [index, part] of parts.entries()) {
    const piece = found[index]!;
    if (part.component === 'Z' || part.component === 'z') {
      offset = offsetMinutes(piece) ?? Number.NaN;
      continue;
    }
    const known = part.isName ? knownName(part, piece) : piece;
    if (known === undefined) return Number.NaN;
    text += known;
    picture += part.source;
  }
  const millis = await readPlainly(text, picture);
  if (millis === undefined || Number.isNaN(millis)) return millis;
  return (await areShown(millis, parts, found)) ? millis - offset * minuteMs : Number.NaN;
}

async function areShown(millis: number, parts: readonly PicturePart[], found: readonly string[]): Promise<boolean> {
  const values = await Promise.all(parts.map((part, index) => integerOf(part, found[index]!)));
  const number = (letter: string): number => values[parts.findIndex(({ component }) => component === letter)] ?? 0;
  // 24:00 is the midnight at the end of a day.
  const isEndOfDay = number('H') === 24 && number('m') === 0 && number('s') === 0 && number('f') === 0;
  const shown = new Date(isEndOfDay ? millis - 24 * 60 * minuteMs : millis);
  return parts.every(
    (part, index) => (isEndOfDay && part.component === 'H') || isShown(shown, part, found[index]!, values[index]!),
  );
}

/** The number of a component: in digits, and as the library reads words, letters, Roman numbers and other digits. */
async function integerOf({ component, isName, source }: PicturePart, piece: string): Promise<number> {
  if (component === undefined || isName || 'Zz'.includes(component)) return Number.NaN;
  if (/^[0-9]+$/.test(piece)) return Number(piece);
  const modifier =
    source
      .slice(2, -1)
      .replaceAll(/\s+/g, '')
      .replace(/,[^,]*$/, '') || '1';
  const presentation = modifier.replace(/(?<=.)[atco]$/, ';$&');
  return Number(await integer.evaluate({}, { piece, presentation }));
}

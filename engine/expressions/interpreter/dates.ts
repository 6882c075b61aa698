import jsonata from 'jsonata';
import { EvaluationFault } from '../expression-error.ts';
import { checkMillis, parseTimestamp } from '../functions/time-functions.ts';
import { offsetText, zoneOffsetMinutes } from '../functions/time-zone.ts';
import type { Where } from '../values/values.ts';

const format = jsonata('$fromMillis($millis, $picture, $zone)');
const parse = jsonata('$toMillis($text, $picture)');

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

/** `$toMillis`: with a picture as the library reads it, but never a date that the calendar does not have. */
export async function parseMillis(
  text: string,
  picture: string | undefined,
  where: Where,
): Promise<number | undefined> {
  if (picture === undefined) return parseTimestamp(text, where);
  const millis: unknown = await parse.evaluate({}, { text, picture });
  if (millis === undefined) return undefined;
  if (typeof millis !== 'number' || !Number.isFinite(millis) || !(await isSameDate(text, picture, millis)))
    throw new EvaluationFault('D3110', { ...where, index: 1 }, text);
  return millis;
}

/** A 30 February is read as 1 March: written again, its digits are others. Zones and half days are written in another way anyhow. */
async function isSameDate(text: string, picture: string, millis: number): Promise<boolean> {
  if (!/\[D/.test(picture) || /\[[zZhP]/.test(picture)) return true;
  const given = text.replace(/\D/g, '');
  const written = (await evaluate(picture, millis, undefined)).replace(/\D/g, '');
  return given.length !== written.length || given === written;
}

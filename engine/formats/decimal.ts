/** A decimal number of any length: `coefficient` times ten to the power of `exponent`. */
export interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}

/** Digits that one number may have when it is written out; beyond it arithmetic gives up rather than fill memory. */
const digitsMax = 10_000;

const decimalPattern = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d{1,15}))?$/;

/** Reads what JSON calls a number; undefined for any other text. Zeros at the end are dropped, so equal numbers are equal. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = decimalPattern.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', power = '0'] = match;
  const digits = (whole + fraction).replace(/^0+(?=\d)/, '');
  const trimmed = digits.slice(0, digits.length - zerosAtEnd(digits));
  if (trimmed === '') return { coefficient: 0n, exponent: 0 };
  const exponent = Number(power) - fraction.length + (digits.length - trimmed.length);
  return { coefficient: BigInt(sign + trimmed), exponent };
}

/** The number as JSON writes it: without a power of ten for as long as that stays readable. */
export function formatDecimal(decimal: Decimal): string {
  const { coefficient, exponent } = normal(decimal);
  const sign = coefficient < 0n ? '-' : '';
  const digits = String(coefficient < 0n ? -coefficient : coefficient);
  const point = digits.length + exponent;
  if (exponent >= 0 && point <= 40) return sign + digits + '0'.repeat(exponent);
  if (point > 0 && exponent < 0) return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
  if (point <= 0 && point > -30) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  const rest = digits.slice(1);
  return `${sign}${digits[0]}${rest ? `.${rest}` : ''}e${point < 1 ? '' : '+'}${point - 1}`;
}

function normal({ coefficient, exponent }: Decimal): Decimal {
  if (coefficient === 0n) return { coefficient, exponent: 0 };
  const zeros = zerosAtEnd(String(coefficient));
  return zeros
    ? { coefficient: coefficient / 10n ** BigInt(zeros), exponent: exponent + zeros }
    : { coefficient, exponent };
}

/** Counted from the end: a pattern for it would begin anew at every zero inside, and a text may have a million of them. */
function zerosAtEnd(digits: string): number {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === 0x30) end--;
  return digits.length - end;
}

function digitsOf({ coefficient }: Decimal): number {
  return String(coefficient < 0n ? -coefficient : coefficient).length;
}

/** Both coefficients at the lower of the two powers of ten; undefined when that would take more than `digitsMax` digits. */
function aligned(a: Decimal, b: Decimal): { a: bigint; b: bigint; exponent: number } | undefined {
  const exponent = Math.min(a.exponent, b.exponent);
  if (Math.max(digitsOf(a) + a.exponent, digitsOf(b) + b.exponent) - exponent > digitsMax) return undefined;
  return {
    a: a.coefficient * 10n ** BigInt(a.exponent - exponent),
    b: b.coefficient * 10n ** BigInt(b.exponent - exponent),
    exponent,
  };
}

/** The exact sum; undefined when it would have too many digits. */
export function addDecimals(a: Decimal, b: Decimal): Decimal | undefined {
  const both = aligned(a, b);
  return both && normal({ coefficient: both.a + both.b, exponent: both.exponent });
}

/** The exact difference; undefined when it would have too many digits. */
export function subtractDecimals(a: Decimal, b: Decimal): Decimal | undefined {
  return addDecimals(a, { ...b, coefficient: -b.coefficient });
}

/** The exact product; undefined when it would have too many digits. */
export function multiplyDecimals(a: Decimal, b: Decimal): Decimal | undefined {
  if (digitsOf(a) + digitsOf(b) > digitsMax) return undefined;
  return normal({ coefficient: a.coefficient * b.coefficient, exponent: a.exponent + b.exponent });
}

/** What is left of `a` after whole multiples of `b`, with the sign of `a`; undefined for a zero `b` or too many digits. */
export function remainderOfDecimals(a: Decimal, b: Decimal): Decimal | undefined {
  const both = b.coefficient === 0n ? undefined : aligned(a, b);
  return both && normal({ coefficient: both.a % both.b, exponent: both.exponent });
}

/** `a / b` rounded to `places` digits behind the point, halves to the even side; undefined for a zero `b` or too many digits. */
export function divideDecimals(a: Decimal, b: Decimal, places: number): Decimal | undefined {
  if (b.coefficient === 0n) return undefined;
  const shift = a.exponent - b.exponent + places;
  if (Math.abs(shift) > digitsMax) return undefined;
  const top = shift >= 0 ? a.coefficient * 10n ** BigInt(shift) : a.coefficient;
  const bottom = shift >= 0 ? b.coefficient : b.coefficient * 10n ** BigInt(-shift);
  return normal({ coefficient: nearest(top, bottom), exponent: -places });
}

/** Rounded to `places` digits behind the point, halves to the even side. */
export function roundDecimal(value: Decimal, places: number): Decimal | undefined {
  if (value.exponent >= -places) return value;
  return divideDecimals(value, { coefficient: 1n, exponent: 0 }, places);
}

function nearest(top: bigint, bottom: bigint): bigint {
  const isNegative = top < 0n !== bottom < 0n;
  const a = top < 0n ? -top : top;
  const b = bottom < 0n ? -bottom : bottom;
  const whole = a / b;
  const twice = (a % b) * 2n;
  const rounded = twice > b || (twice === b && whole % 2n === 1n) ? whole + 1n : whole;
  return isNegative ? -rounded : rounded;
}

/** Below 0, 0 or above 0, as `a` is less than, equal to or more than `b`; for powers of ten of any size. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const signA = signOf(a);
  const signB = signOf(b);
  if (signA !== signB || signA === 0) return signA - signB;
  const sizeA = digitsOf(a) + a.exponent;
  const sizeB = digitsOf(b) + b.exponent;
  if (sizeA !== sizeB) return sizeA > sizeB ? signA : -signA;
  // The same number of digits in front of the point: the shift is at most the digits that are there.
  const exponent = Math.min(a.exponent, b.exponent);
  const left = a.coefficient * 10n ** BigInt(a.exponent - exponent);
  const right = b.coefficient * 10n ** BigInt(b.exponent - exponent);
  return left === right ? 0 : left > right ? 1 : -1;
}

function signOf({ coefficient }: Decimal): number {
  return coefficient === 0n ? 0 : coefficient > 0n ? 1 : -1;
}

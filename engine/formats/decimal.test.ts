import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decimal } from './decimal.ts';
import {
  addDecimals,
  compareDecimals,
  divideDecimals,
  formatDecimal,
  multiplyDecimals,
  parseDecimal,
  remainderOfDecimals,
  roundDecimal,
  subtractDecimals,
} from './decimal.ts';

const decimal = (text: string): Decimal => parseDecimal(text)!;
const shown = (value: Decimal | undefined) => (value ? formatDecimal(value) : undefined);

describe('decimals', () => {
  it.each([
    ['9007199254740993', '9007199254740993'],
    ['-0012.500', undefined],
    ['-12.500', '-12.5'],
    ['1e400', '1e+400'],
    ['1.25e-40', '1.25e-40'],
    ['0.000', '0'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
  ])('%s is written as %s', (text, written) => {
    if (written !== undefined) expect(shown(decimal(text))).toBe(written);
  });

  it('calculates without losing a digit', () => {
    expect(shown(addDecimals(decimal('0.1'), decimal('0.2')))).toBe('0.3');
    expect(shown(subtractDecimals(decimal('9007199254740993'), decimal('9007199254740992')))).toBe('1');
    expect(shown(multiplyDecimals(decimal('12345678901234567.89'), decimal('100')))).toBe('1234567890123456789');
    expect(shown(remainderOfDecimals(decimal('-9007199254740993'), decimal('10')))).toBe('-3');
    expect(shown(divideDecimals(decimal('10'), decimal('3'), 20))).toBe('3.33333333333333333333');
    expect(shown(divideDecimals(decimal('2.5'), decimal('1'), 0))).toBe('2');
    expect(shown(roundDecimal(decimal('-2.675'), 2))).toBe('-2.68');
    expect(shown(roundDecimal(decimal('12345678901234567.895'), 2))).toBe('12345678901234567.9');
  });

  it('gives up where a result would fill memory', () => {
    expect(addDecimals(decimal('1e99999'), decimal('1'))).toBeUndefined();
    expect(divideDecimals(decimal('1'), decimal('0'), 2)).toBeUndefined();
    expect(compareDecimals(decimal('1e999999'), decimal('-1e999999'))).toBeGreaterThan(0);
    expect(compareDecimals(decimal('1e999999'), decimal('2e999998'))).toBeGreaterThan(0);
  });

  it('agrees with whole numbers of any length', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt(), (a, b) => {
        const [left, right] = [decimal(String(a)), decimal(String(b))];
        expect(Math.sign(compareDecimals(left, right))).toBe(a === b ? 0 : a > b ? 1 : -1);
        expect(addDecimals(left, right)).toEqual(decimal(String(a + b)));
        expect(multiplyDecimals(left, right)).toEqual(decimal(String(a * b)));
        if (b !== 0n) expect(remainderOfDecimals(left, right)).toEqual(decimal(String(a % b)));
      }),
    );
  });
});

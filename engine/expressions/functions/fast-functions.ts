import { decimalFunctions } from './decimal-functions.ts';
import type { FastFunction } from './fast-function.ts';
import { listFunctions } from './list-functions.ts';
import { numberFunctions } from './number-functions.ts';
import { textFunctions } from './text-functions.ts';
import { timeFunctions } from './time-functions.ts';

/** Library functions that run as plain code, by name without $. All others are left to the interpreter. */
export const fastFunctions: ReadonlyMap<string, FastFunction> = new Map(
  Object.entries({ ...textFunctions, ...numberFunctions, ...decimalFunctions, ...listFunctions, ...timeFunctions }),
);

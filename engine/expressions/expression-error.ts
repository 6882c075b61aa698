import { MillraceError } from '../base/errors.ts';

/** What jsonata throws: plain objects and errors with these fields. */
interface JsonataFault {
  readonly code?: unknown;
  readonly position?: unknown;
  readonly token?: unknown;
  readonly value?: unknown;
  readonly value2?: unknown;
  readonly index?: unknown;
  readonly message?: unknown;
}

/**
 * An expression that cannot be compiled (`EXPRESSION_SYNTAX`) or evaluated (`EXPRESSION_FAILED`, or `NUMBER_INEXACT` where a calculation
 * would lose digits of a number that a double cannot hold). `reason` is the code that
 * JSONata's documentation lists (`T2001`), `position` the character of the text, from 0, just behind which it was noticed.
 */
export class ExpressionError extends MillraceError {
  override readonly name = 'ExpressionError';
  readonly reason: string;
  readonly position: number;
  readonly expression: string;

  constructor(kind: 'EXPRESSION_SYNTAX' | 'EXPRESSION_FAILED', expression: string, thrown: unknown) {
    const fault: JsonataFault = typeof thrown === 'object' && thrown !== null ? thrown : { message: String(thrown) };
    const reason = typeof fault.code === 'string' ? fault.code : 'UNKNOWN';
    const position = typeof fault.position === 'number' ? fault.position : 0;
    super(reason === 'NUMBER_INEXACT' ? reason : kind, describe(reason, fault), {
      cause: thrown,
      details: { reason, position, expression },
    });
    this.reason = reason;
    this.position = position;
    this.expression = expression;
  }
}

/** Thrown by compiled closures; compileExpression turns it into an ExpressionError with the text. */
export class EvaluationFault {
  readonly code: string;
  readonly position: number;
  readonly token: string | undefined;
  readonly value: unknown;
  readonly index: number | undefined;

  constructor(code: string, where: { position?: number; token?: string; index?: number }, value?: unknown) {
    this.code = code;
    this.position = where.position ?? 0;
    this.token = where.token;
    this.index = where.index;
    this.value = value;
  }

  /** The same fault, said to be at another place. */
  within(where: { position?: number; token?: string }): EvaluationFault {
    const index = this.index === undefined ? {} : { index: this.index };
    return new EvaluationFault(this.code, { ...where, ...index }, this.value);
  }
}

const operandMessages: Readonly<Record<string, (fault: JsonataFault) => string>> = {
  T2001: (fault) => `expected a number to the left of ${token(fault)}, but found ${shown(fault.value)}`,
  T2002: (fault) => `expected a number to the right of ${token(fault)}, but found ${shown(fault.value)}`,
  T2009: (fault) => `expected two numbers or two texts around ${token(fault)}, but found one of each`,
  T2010: (fault) => `expected a number or a text beside ${token(fault)}, but found ${shown(fault.value)}`,
  D1001: (fault) => `expected a finite number, but found ${String(fault.value)}`,
  D1002: (fault) => `expected a number after -, but found ${shown(fault.value)}`,
  T1003: (fault) => `expected a text as the name of a field, but found ${shown(fault.value)}`,
  D1009: (fault) => `expected each field of an object once, but found ${shown(fault.value)} again`,
  T1005: (fault) => `expected a function, but found the name ${token(fault)}: functions begin with $`,
  T1006: (fault) => `expected a function, but found ${token(fault)}, which is none`,
  D1011: () => 'expected an end of the recursion, but found too many calls inside each other',
  D1012: () => 'expected an end of the work, but the expression took too many steps',
  NUMBER_INEXACT: (fault) =>
    `expected a result that keeps every digit, but ${fn(fault)} cannot give one for ${shown(fault.value)}: see $decimalDivide, $decimalRound`,
  DATA_EXPECTED: () => 'expected data, but found a function: call it, or leave it out',
  TIME_ZONE: (fault) => `expected a time zone such as +05:00, -0330 or Europe/Berlin, but found ${shown(fault.value)}`,
  D2015: (fault) => `expected fewer items in a list, but found more than ${String(fault.value)}`,
};

const functionMessages: Readonly<Record<string, (fault: JsonataFault) => string>> = {
  T0410: (fault) =>
    `expected another kind of value as argument ${index(fault)} of ${fn(fault)}, but found ${shown(fault.value)}`,
  T0411: (fault) => `expected an argument ${index(fault)} for ${fn(fault)}, but found none`,
  T0412: (fault) =>
    `expected a list of one kind as argument ${index(fault)} of ${fn(fault)}, but found ${shown(fault.value)}`,
  D3001: (fault) => `expected a finite number for ${fn(fault)}, but found ${String(fault.value)}`,
  D3010: (fault) => `expected a text to search for in ${fn(fault)}, but found an empty one`,
  D3030: (fault) => `expected text that is a number for ${fn(fault)}, but found ${shown(fault.value)}`,
  D3060: (fault) => `expected a number from 0 for ${fn(fault)}, but found ${shown(fault.value)}`,
  D3110: (fault) =>
    `expected a timestamp in ISO 8601, or as the picture says, of a date that exists for ${fn(fault)}, but found ${shown(fault.value)}`,
};

const syntaxMessages: Readonly<Record<string, (fault: JsonataFault) => string>> = {
  S0101: () => 'expected a text that ends in a quote, but found the end of the expression',
  S0105: () => 'expected a quoted name that ends in a backquote, but found the end of the expression',
  S0106: () => 'expected a comment that ends in */, but found the end of the expression',
  S0201: (fault) => `expected the end of the expression or an operator, but found ${shown(fault.token)}`,
  S0202: (fault) => `expected ${shown(fault.value)}, but found ${shown(fault.token)}`,
  S0203: (fault) => `expected ${shown(fault.value)}, but found the end of the expression`,
  S0204: (fault) => `expected an operator, but found ${shown(fault.token)}`,
  S0207: () => 'expected a value, but found the end of the expression',
  S0211: (fault) => `expected a value, but found the operator ${shown(fault.token)}`,
};

function describe(reason: string, fault: JsonataFault): string {
  const make = operandMessages[reason] ?? functionMessages[reason] ?? syntaxMessages[reason];
  if (make) return make(fault);
  return typeof fault.message === 'string' ? fault.message : `expected a value, but found fault ${reason}`;
}

function token(fault: JsonataFault): string {
  return typeof fault.token === 'string' ? `"${fault.token}"` : 'the operator';
}

function fn(fault: JsonataFault): string {
  if (typeof fault.token !== 'string') return 'the function';
  return /^\w/.test(fault.token) ? `$${fault.token}` : `"${fault.token}"`;
}

function index(fault: JsonataFault): string {
  return typeof fault.index === 'number' ? String(fault.index) : '1';
}

/** Characters of a value that a message shows at most. */
const shownCharactersMax = 60;

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > shownCharactersMax ? `${text.slice(0, shownCharactersMax)}...` : text;
}

import type { ValueType } from '../model/value-type.ts';
import { anyType } from '../model/value-type.ts';

/** A function of the library, as the editor shows it. */
export interface LibraryFunction {
  /** Without the $. */
  readonly name: string;
  readonly group: 'Text' | 'Number' | 'List' | 'Object' | 'Logic' | 'Time';
  /** Names of its arguments; a question mark behind those that may be left out. */
  readonly parameters: string;
  readonly returns: ValueType;
  readonly summary: string;
  readonly example: string;
}

const text: ValueType = { type: 'string' };
const number: ValueType = { type: 'number' };
const integer: ValueType = { type: 'integer' };
const truth: ValueType = { type: 'boolean' };
const texts: ValueType = { type: 'array', items: text };
const list: ValueType = { type: 'array', items: anyType };
const object: ValueType = { type: 'object', properties: {}, open: true };

function entry(
  group: LibraryFunction['group'],
  call: string,
  returns: ValueType,
  summary: string,
  example: string,
): LibraryFunction {
  const [, name = '', parameters = ''] = /^(\w+)\((.*)\)$/.exec(call) ?? [];
  return { name, group, parameters, returns, summary, example };
}

/** Every function of JSONata 2.2 and Millrace's own, for completion, hover help and the docs. */
export const functionLibrary: readonly LibraryFunction[] = [
  entry('Text', 'string(value)', text, 'Makes text of any value; objects and lists become JSON.', '$string(order.id)'),
  entry('Text', 'length(text)', integer, 'Counts the characters of a text.', '$length(name)'),
  entry(
    'Text',
    'substring(text, start, length?)',
    text,
    'Cuts a part out of a text; a negative start counts from the end.',
    '$substring(code, 0, 3)',
  ),
  entry(
    'Text',
    'substringBefore(text, part)',
    text,
    'What stands before the first place where the part is found; all of it when it is not.',
    '$substringBefore(mail, "@")',
  ),
  entry(
    'Text',
    'substringAfter(text, part)',
    text,
    'What stands after the first place where the part is found; all of it when it is not.',
    '$substringAfter(mail, "@")',
  ),
  entry('Text', 'uppercase(text)', text, 'Makes all letters capital.', '$uppercase(place)'),
  entry('Text', 'lowercase(text)', text, 'Makes all letters small.', '$lowercase(place)'),
  entry(
    'Text',
    'trim(text)',
    text,
    'Removes space at both ends and makes one blank of every other stretch of it.',
    '$trim(name)',
  ),
  entry(
    'Text',
    'pad(text, width, character?)',
    text,
    'Fills a text up to a width: behind it, or in front of it when the width is negative.',
    '$pad(id, -8, "0")',
  ),
  entry(
    'Text',
    'contains(text, pattern)',
    truth,
    'Whether a text holds another one, or matches a regular expression.',
    '$contains(place, /alaska/i)',
  ),
  entry(
    'Text',
    'split(text, separator, limit?)',
    texts,
    'Cuts a text into a list at each separator.',
    '$split(ids, ",")',
  ),
  entry('Text', 'join(texts, separator?)', text, 'Puts a list of texts together.', '$join(tags, ", ")'),
  entry(
    'Text',
    'match(text, pattern, limit?)',
    list,
    'Finds every match of a regular expression, with its groups. Patterns have no look-around and no back-references.',
    '$match(line, /[0-9]+/)',
  ),
  entry(
    'Text',
    'replace(text, pattern, replacement, limit?)',
    text,
    'Replaces a text or the matches of a regular expression.',
    '$replace(phone, " ", "")',
  ),
  entry('Text', 'base64encode(text)', text, 'Encodes bytes, one per character, as base64.', '$base64encode(token)'),
  entry('Text', 'base64decode(text)', text, 'Decodes base64 to bytes, one per character.', '$base64decode(token)'),
  entry(
    'Text',
    'encodeUrlComponent(text)',
    text,
    'Makes a text safe as a part of a URL.',
    '$encodeUrlComponent(query)',
  ),
  entry('Text', 'decodeUrlComponent(text)', text, 'Undoes $encodeUrlComponent.', '$decodeUrlComponent(query)'),
  entry('Text', 'encodeUrl(text)', text, 'Makes a whole URL safe.', '$encodeUrl(url)'),
  entry('Text', 'decodeUrl(text)', text, 'Undoes $encodeUrl.', '$decodeUrl(url)'),
  entry('Text', 'eval(text, context?)', anyType, 'Evaluates a text as an expression.', '$eval(rule)'),
  entry('Number', 'number(value)', number, 'Makes a number of text or truth; fails when it is none.', '$number(price)'),
  entry('Number', 'abs(number)', number, 'Removes the sign.', '$abs(change)'),
  entry('Number', 'floor(number)', integer, 'The nearest whole number below.', '$floor(mag)'),
  entry('Number', 'ceil(number)', integer, 'The nearest whole number above.', '$ceil(mag)'),
  entry('Number', 'round(number, places?)', number, 'Rounds, with halves to the even side.', '$round(price, 2)'),
  entry('Number', 'power(base, exponent)', number, 'Raises to a power.', '$power(2, 10)'),
  entry('Number', 'sqrt(number)', number, 'The square root.', '$sqrt(area)'),
  entry('Number', 'random()', number, 'A number from 0 to below 1.', '$random()'),
  entry(
    'Number',
    'formatNumber(number, picture, options?)',
    text,
    'Writes a number as a picture says.',
    '$formatNumber(price, "#,##0.00")',
  ),
  entry('Number', 'formatBase(number, base?)', text, 'Writes a whole number in another base.', '$formatBase(255, 16)'),
  entry(
    'Number',
    'formatInteger(number, picture)',
    text,
    'Writes a whole number, also in words or Roman.',
    '$formatInteger(7, "w")',
  ),
  entry(
    'Number',
    'parseInteger(text, picture)',
    integer,
    'Reads what $formatInteger writes.',
    '$parseInteger("12,345", "#,##0")',
  ),
  entry('Number', 'sum(numbers)', number, 'Adds up a list.', '$sum(items.price)'),
  entry('Number', 'max(numbers)', number, 'The largest of a list.', '$max(items.price)'),
  entry('Number', 'min(numbers)', number, 'The smallest of a list.', '$min(items.price)'),
  entry('Number', 'average(numbers)', number, 'The mean of a list.', '$average(items.price)'),
  entry(
    'Number',
    'decimalAdd(first, second)',
    number,
    'Adds in decimal digits, of any length; takes numbers and texts such as "0.10".',
    '$decimalAdd(price, "0.10")',
  ),
  entry(
    'Number',
    'decimalSubtract(first, second)',
    number,
    'Subtracts in decimal digits.',
    '$decimalSubtract(total, fee)',
  ),
  entry(
    'Number',
    'decimalMultiply(first, second)',
    number,
    'Multiplies in decimal digits.',
    '$decimalMultiply(price, 3)',
  ),
  entry(
    'Number',
    'decimalDivide(first, second, places?)',
    number,
    'Divides in decimal digits; rounded to so many places (20 when left out), halves to the even side.',
    '$decimalDivide(total, 3, 2)',
  ),
  entry(
    'Number',
    'decimalRound(number, places?)',
    number,
    'Rounds in decimal digits, halves to the even side.',
    '$decimalRound("2.675", 2)',
  ),
  entry(
    'Number',
    'decimalCompare(first, second)',
    integer,
    '-1, 0 or 1, as the first is less than, equal to or more than the second.',
    '$decimalCompare(id, "9007199254740993")',
  ),
  entry('Number', 'decimalSum(numbers)', number, 'Adds up a list in decimal digits.', '$decimalSum(items.price)'),
  entry('List', 'count(list)', integer, 'How many values there are; 0 for nothing.', '$count(items)'),
  entry('List', 'append(first, second)', list, 'Two lists one after the other.', '$append(old, new)'),
  entry(
    'List',
    'sort(list, function?)',
    list,
    'Sorts; the function says whether its first argument comes later.',
    '$sort(items, function($a, $b) { $a.price > $b.price })',
  ),
  entry('List', 'reverse(list)', list, 'Turns the order around.', '$reverse(items)'),
  entry('List', 'shuffle(list)', list, 'Puts a list in a random order.', '$shuffle(items)'),
  entry('List', 'distinct(list)', list, 'Leaves each value once.', '$distinct(items.color)'),
  entry('List', 'zip(list, list)', list, 'Pairs up the values of lists.', '$zip(names, values)'),
  entry(
    'List',
    'map(list, function)',
    list,
    'Applies a function to each value.',
    '$map(items, function($item) { $item.price * 2 })',
  ),
  entry(
    'List',
    'filter(list, function)',
    list,
    'Leaves the values for which a function is true.',
    '$filter(items, function($item) { $item.price > 5 })',
  ),
  entry(
    'List',
    'single(list, function?)',
    anyType,
    'The one value for which a function is true; fails unless there is exactly one.',
    '$single(items, function($item) { $item.id = 1 })',
  ),
  entry(
    'List',
    'reduce(list, function, start?)',
    anyType,
    'Makes one value of a list, two at a time.',
    '$reduce(items, function($sum, $item) { $sum + $item })',
  ),
  entry('Object', 'keys(object)', texts, 'The names of the fields.', '$keys(headers)'),
  entry('Object', 'lookup(object, name)', anyType, 'The field whose name is computed.', '$lookup(headers, name)'),
  entry('Object', 'spread(object)', list, 'One object per field.', '$spread(headers)'),
  entry('Object', 'merge(objects)', object, 'One object of many; later fields win.', '$merge([defaults, order])'),
  entry(
    'Object',
    'sift(object, function)',
    object,
    'Leaves the fields for which a function is true.',
    '$sift(order, function($value, $name) { $value != null })',
  ),
  entry(
    'Object',
    'each(object, function)',
    list,
    'Applies a function to each field.',
    '$each(headers, function($value, $name) { $name & "=" & $value })',
  ),
  entry(
    'Object',
    'type(value)',
    text,
    'The kind of a value: null, number, string, boolean, array, object.',
    '$type(value)',
  ),
  entry('Object', 'clone(object)', object, 'A copy that shares nothing.', '$clone(order)'),
  entry(
    'Logic',
    'boolean(value)',
    truth,
    'Makes truth of a value: 0, null, empty text, list or object are false.',
    '$boolean(items)',
  ),
  entry('Logic', 'not(value)', truth, 'The opposite of $boolean.', '$not(isTest)'),
  entry('Logic', 'exists(value)', truth, 'Whether there is a value at all.', '$exists(order.discount)'),
  entry(
    'Logic',
    'assert(condition, message?)',
    anyType,
    'Fails with a message when a condition does not hold.',
    '$assert(total > 0, "empty order")',
  ),
  entry('Logic', 'error(message)', anyType, 'Fails with a message.', '$error("unknown kind")'),
  entry('Time', 'now(picture?, timezone?)', text, 'The present time as ISO 8601, or as a picture says.', '$now()'),
  entry('Time', 'millis()', integer, 'The present time in milliseconds since 1970.', '$millis()'),
  entry(
    'Time',
    'fromMillis(number, picture?, timezone?)',
    text,
    'Writes milliseconds since 1970 as ISO 8601, or as a picture says. The zone is +05:00, -0330 or a name such as Europe/Berlin; UTC when left out.',
    '$fromMillis(time)',
  ),
  entry(
    'Time',
    'toMillis(timestamp, picture?)',
    integer,
    'Reads an ISO 8601 timestamp, or as a picture says. Without a zone it is UTC; a date that does not exist fails.',
    '$toMillis(created)',
  ),
];

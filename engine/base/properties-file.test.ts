import { expect, it } from 'vitest';
import { parseProperties } from './properties-file.ts';

it('reads properties as Java writes and reads them', () => {
  const text = [
    '# a comment \\',
    '! another',
    '',
    'plain=value',
    '  spaced  =  value with spaces ',
    'colon: x',
    'blank y z',
    'empty=',
    'bare',
    'long = one, \\',
    '    two,\\',
    '  three',
    'even=back\\\\',
    'a\\=b\\:c\\ d=1=2',
    'umlaut=\\u00e4\\tb\\q',
    'open=end\\',
  ].join('\r\n');
  expect(parseProperties(text).map(({ name, value, line }) => [line, name, value])).toEqual([
    [4, 'plain', 'value'],
    [5, 'spaced', 'value with spaces '],
    [6, 'colon', 'x'],
    [7, 'blank', 'y z'],
    [8, 'empty', ''],
    [9, 'bare', ''],
    [10, 'long', 'one, two,three'],
    [13, 'even', 'back\\'],
    [14, 'a=b:c d', '1=2'],
    [15, 'umlaut', 'ä\tbq'],
    [16, 'open', 'end'],
  ]);
});

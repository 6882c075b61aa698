import { getManyValues, isMany, none } from 'stream-chain/core';
import type { Token } from 'stream-json/parser.js';
import { jsonParser } from 'stream-json/parser.js';
import { jsonVerifier } from 'stream-json/utils/verifier.js';
import { messageOf } from '../../../engine/base/errors.ts';
import { ArrayElements } from './array-elements.ts';
import type { ArrayPath } from './array-path.ts';
import { TextFault } from './text-fault.ts';

/** The text from its start; asked for a second time only to say where it is broken. */
type TextSource = () => AsyncIterable<string>;

/**
 * The elements of the array at `path` in a JSON document, those of each piece of the text together; the document as a whole is
 * never in memory. Throws a TextFault when the text is not JSON, or has no array there.
 */
export async function* jsonArrayRecords(text: TextSource, path: ArrayPath): AsyncGenerator<unknown[]> {
  const tokenizer = jsonParser({ packValues: true, streamValues: false });
  const elements = new ArrayElements(path);
  const tokens = (piece: string | typeof none): readonly Token[] => {
    const found = tokenizer(piece as string);
    return isMany(found) ? getManyValues(found) : [];
  };
  let isEmpty = true;
  for await (const chunk of text()) {
    yield await located(() => elements.take(tokens(chunk)), text);
    isEmpty = isEmpty && chunk.trim() === '';
  }
  // A file without anything in it has no records, like one with an empty array.
  if (isEmpty) return;
  yield await located(() => elements.take(tokens(none)), text);
  if (elements.isFound) return;
  const where = path.text ? `at the path ${path.text}` : 'at the top of the document';
  throw new TextFault(`expected an array ${where}, but found ${elements.found}`);
}

/** A fault of the tokenizer does not say where it is; the library's verifier does, on a second look. */
async function located<T>(read: () => T, text: TextSource): Promise<T> {
  try {
    return read();
  } catch (cause) {
    const verify = jsonVerifier();
    try {
      for await (const chunk of text()) verify(chunk);
      verify(none as unknown as string);
    } catch (fault) {
      const { line, pos } = fault as { line?: number; pos?: number };
      throw new TextFault(`expected JSON: ${messageOf(fault).replace(/^.*?: /, '')}`, line, pos, fault);
    }
    throw new TextFault(`expected JSON: ${messageOf(cause)}`, undefined, undefined, cause);
  }
}

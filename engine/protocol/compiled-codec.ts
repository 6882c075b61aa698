import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';

export type Read = (reader: Reader) => unknown;
export type Write = (writer: Writer, value: unknown) => void;

/** One schema at one version, turned into closures. */
export interface CompiledCodec {
  readonly read: Read;
  readonly write: Write;
}

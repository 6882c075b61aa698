/**
 * Bytes in the data of a job, where they are no text: `base64` is what expressions read, SendMessage sends the bytes themselves.
 * As JSON it is an object with this one field.
 */
export class BytesValue {
  readonly #bytes: Uint8Array;
  declare readonly base64: string;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    Object.defineProperty(this, 'base64', {
      enumerable: true,
      get: () => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
    });
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }
}

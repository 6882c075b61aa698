/* Java's own key store format: a magic number, a version, a count, then entries; all numbers big endian. */

export const jksMagic = 0xfeedfeed;
const trustedEntry = 2;
const privateKeyEntry = 1;

/** The trusted certificates of a JKS file, in DER. Its password only seals it, and is not asked for. Throws an Error for what is no such file. */
export function jksCertificates(file: Buffer): Buffer[] {
  let at = 4;
  const int = () => {
    at += 4;
    return file.readInt32BE(at - 4);
  };
  const bytes = (length: number) => {
    if (length < 0 || at + length > file.length) throw new RangeError('expected more bytes');
    at += length;
    return file.subarray(at - length, at);
  };
  const text = () => {
    const length = file.readUInt16BE(at);
    at += 2;
    return bytes(length).toString('latin1');
  };
  const version = int();
  const certificate = () => {
    if (version === 2) text();
    return bytes(int());
  };
  const found: Buffer[] = [];
  for (let left = int(); left > 0; left--) {
    const tag = int();
    text();
    at += 8;
    if (tag === trustedEntry) found.push(certificate());
    else if (tag === privateKeyEntry) {
      bytes(int());
      for (let chain = int(); chain > 0; chain--) certificate();
    } else throw new Error(`expected certificates and keys, found an entry of kind ${tag}`);
  }
  return found;
}

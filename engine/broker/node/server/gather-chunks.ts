/** Chunks up to this size are copied together; larger ones travel as they are, which costs no copy. */
export const copiedChunkBytesMax = 8_192;
/** Largest buffer that small chunks are gathered into. */
const gatheredBytesMax = 65_536;

/**
 * Turns many small chunks into few: a response is a size, a header and a handful of fields, and one write per chunk would
 * cost more than copying them. Order is kept; large chunks (record batches) are passed on uncopied.
 */
export function gatherChunks(chunks: readonly Uint8Array[]): readonly Uint8Array[] {
  if (chunks.length < 2) return chunks;
  const gathered: Uint8Array[] = [];
  let run: Uint8Array[] = [];
  let runBytes = 0;
  const endRun = (): void => {
    const first = run[0];
    if (first === undefined) return;
    gathered.push(run.length === 1 ? first : Buffer.concat(run, runBytes));
    run = [];
    runBytes = 0;
  };
  for (const chunk of chunks) {
    if (chunk.length > copiedChunkBytesMax || runBytes + chunk.length > gatheredBytesMax) endRun();
    if (chunk.length > copiedChunkBytesMax) {
      gathered.push(chunk);
      continue;
    }
    run.push(chunk);
    runBytes += chunk.length;
  }
  endRun();
  return gathered;
}

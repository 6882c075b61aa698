import type { Result } from '../../../base/result.ts';
import { ok } from '../../../base/result.ts';
import * as layout from '../../../records/batch-layout.ts';
import type { Compression } from '../../../records/record-batch.ts';
import { compressions } from '../../../records/record-batch.ts';
import { decompress } from '../../../records/record-decompress.ts';
import type { LogConfig } from '../log-config.ts';
import type { LogRefusal } from '../log-refusal.ts';
import { logError, refuse } from '../log-refusal.ts';
import { compressTo } from './compress-to.ts';
import type { InflationGate } from './inflation-gate.ts';
import { inflatedBatchBytesMax, inlineCompressedBytesMax, inlineInflatedBytesMax } from './inflation-limits.ts';

/** A client's batch, ready for the log. */
export interface PreparedBatch {
  /** What is to be appended: the batch that came, or one with the codec that the topic asks for. */
  readonly records: Buffer;
  /** Its records without compression; undefined when the log has to look for itself. */
  readonly inflated: Buffer | undefined;
}

/**
 * Does for a client's batch what takes time, before the log takes it: inflates compressed records so that they can be
 * checked, and recompresses them where `compression.type` asks for another codec. Small batches are done at once, others in
 * the background; a batch without either is given back as undefined, untouched. What is wrong with a header is the log's
 * business: such batches are given back too.
 */
export function prepareBatch(
  batch: Buffer,
  config: LogConfig,
  gate: InflationGate,
): PreparedBatch | Promise<Result<PreparedBatch, LogRefusal>> | undefined {
  const codec = layout.attributesOf(batch, 0) & layout.attribute.codecMask;
  const target = config.compression.type;
  if (codec === 0 && (target === 'producer' || target === 'none')) return undefined;
  const source = compressions[codec];
  if (!source || batch.length > config.maxMessageBytes) return undefined;
  if (layout.faultOf(batch, 0, batch.length)) return undefined;
  const mustRecompress = target !== 'producer' && target !== source;
  const body = batch.subarray(layout.batchHeaderBytes);
  if (!mustRecompress && body.length <= inlineCompressedBytesMax) {
    try {
      return { records: batch, inflated: decompress(source, body, inlineInflatedBytesMax) };
    } catch {
      // Too large for here, or damaged: both are found out below.
    }
  }
  return gate.run(() => prepareInBackground(batch, { source, target: mustRecompress ? target : source }, config, gate));
}

async function prepareInBackground(
  batch: Buffer,
  { source, target }: { readonly source: Compression; readonly target: Compression },
  config: LogConfig,
  gate: InflationGate,
): Promise<Result<PreparedBatch, LogRefusal>> {
  const body = batch.subarray(layout.batchHeaderBytes);
  let inflated: Buffer;
  try {
    inflated = await gate.inflate(source, body, inflatedBatchBytesMax(config));
  } catch (error) {
    return refuse(logError.INVALID_RECORD, `records cannot be read as ${source}: ${(error as Error).message}`);
  }
  if (source === target) return ok({ records: batch, inflated });
  const compressed = await compressTo(target, inflated, config.compression.level);
  const records = Buffer.allocUnsafe(layout.batchHeaderBytes + compressed.length);
  batch.copy(records, 0, 0, layout.batchHeaderBytes);
  compressed.copy(records, layout.batchHeaderBytes);
  layout.stampCodec(records, 0, compressions.indexOf(target));
  return ok({ records, inflated });
}

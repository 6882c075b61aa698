import type { ImageChange } from '../../controller/image-change.ts';
import { wholeChange } from '../../controller/image-change.ts';
import { ImageDelta } from '../../controller/image-delta.ts';
import { MetadataImage } from '../../controller/metadata-image.ts';
import type { SnapshotId } from '../../raft/log-view.ts';
import { decodeMetadataBatches } from './metadata-batches.ts';
import type { MetadataLog } from './metadata-log.ts';
import type { SnapshotStore } from './snapshot-store.ts';

/** Called with every new committed image, in order. */
export type ImageListener = (image: MetadataImage, change: ImageChange) => void;

/** Bytes of the log that are read and applied at a time. */
const readBytesMax = 1_048_576;

/** Turns committed batches into images and tells those who listen. */
export class ImageLoader {
  readonly #log: MetadataLog;
  readonly #snapshots: SnapshotStore;
  readonly #listeners: ImageListener[] = [];
  #image: MetadataImage;
  #snapshotToInstall: SnapshotId | undefined;
  #isBusy = false;
  /** Bytes of batches applied since the last snapshot. */
  bytesSinceSnapshot = 0;

  constructor(log: MetadataLog, snapshots: SnapshotStore, clusterId: string) {
    this.#log = log;
    this.#snapshots = snapshots;
    this.#image = MetadataImage.empty(clusterId);
  }

  get image(): MetadataImage {
    return this.#image;
  }

  /** Offset behind the last one applied. */
  get nextOffset(): number {
    return this.#image.offset + 1;
  }

  onImage(listener: ImageListener): void {
    this.#listeners.push(listener);
  }

  /** A snapshot replaces what was known; it is loaded with the next `advance`. */
  install(id: SnapshotId): void {
    this.#snapshotToInstall = id;
  }

  /** Applies everything below `highWatermark`. A call from within a listener is made good by the call under way. */
  advance(highWatermark: () => number): void {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      while (this.#installPending() || this.#applyNext(highWatermark()));
    } finally {
      this.#isBusy = false;
    }
  }

  #installPending(): boolean {
    const id = this.#snapshotToInstall;
    if (!id) return false;
    this.#snapshotToInstall = undefined;
    const before = this.#image;
    this.#image = this.#snapshots.load(id, before.clusterId);
    this.bytesSinceSnapshot = 0;
    this.#notify(wholeChange(this.#image, before));
    return true;
  }

  /** Applies the next piece of the log; false when there is none. */
  #applyNext(highWatermark: number): boolean {
    if (this.nextOffset >= highWatermark) return false;
    const bytes = this.#log.read(this.nextOffset, highWatermark, readBytesMax);
    const delta = new ImageDelta(this.#image);
    let { offset, epoch } = this.#image;
    for (const batch of decodeMetadataBatches(bytes)) {
      for (const record of batch.records) delta.apply(record);
      ({ lastOffset: offset, epoch } = batch);
    }
    if (offset === this.#image.offset) return false;
    this.bytesSinceSnapshot += bytes.length;
    this.#image = delta.build(offset, epoch);
    this.#notify(delta.change());
    return true;
  }

  #notify(change: ImageChange): void {
    for (const listener of this.#listeners) listener(this.#image, change);
  }
}

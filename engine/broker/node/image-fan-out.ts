import type { ImageChange } from '../controller/image-change.ts';
import { wholeChange } from '../controller/image-change.ts';
import { MetadataImage } from '../controller/metadata-image.ts';

/** Hears how the metadata went from one image to the next. */
export type ImageStep = (before: MetadataImage, after: MetadataImage, change: ImageChange) => void;

export interface ImageFanOutOptions {
  readonly clusterId: string;
  /** Whether an image has the registration of this start of the broker. */
  readonly isOwn: (image: MetadataImage) => boolean;
  /** Those who act on their own replicas, in order. Their first step is from nothing to the first image of this start. */
  readonly hosts: readonly ImageStep[];
  /** Those who look on, in order, after the hosts: they hear every image. */
  readonly watchers: readonly ImageStep[];
}

/**
 * Tells the parts of a broker of each new committed image, in order.
 *
 * Metadata from before this start's registration may name this broker as a leader or in sync, although a crash has cost it the
 * end of its logs: the registration is what tells the controller. The hosts hear of nothing older.
 */
export class ImageFanOut {
  readonly #options: ImageFanOutOptions;
  #image: MetadataImage;
  #applied: MetadataImage;

  constructor(options: ImageFanOutOptions) {
    this.#options = options;
    this.#image = MetadataImage.empty(options.clusterId);
    this.#applied = this.#image;
  }

  /** The newest committed metadata. */
  get image(): MetadataImage {
    return this.#image;
  }

  /** What the hosts have been told of: nothing before the metadata shows this start's registration. */
  get applied(): MetadataImage {
    return this.#applied;
  }

  get hasApplied(): boolean {
    return this.#applied.offset !== -1;
  }

  advance(image: MetadataImage, change: ImageChange): void {
    const { hosts, watchers, isOwn } = this.#options;
    const before = this.#image;
    // Parts that look at the metadata while they take over a change must find the new one.
    this.#image = image;
    const isFirst = !this.hasApplied;
    if (!isFirst || isOwn(image)) {
      const known = this.#applied;
      this.#applied = image;
      const step = isFirst ? wholeChange(image) : change;
      for (const host of hosts) host(known, image, step);
    }
    for (const watcher of watchers) watcher(before, image, change);
  }
}

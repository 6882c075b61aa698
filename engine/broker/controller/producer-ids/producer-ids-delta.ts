import type { RecordValue } from '../record-value.ts';
import type { ProducerIdsImage } from './producer-ids-image.ts';

/** What records say of producer ids. */
export class ProducerIdsDelta {
  #image: ProducerIdsImage;

  constructor(base: ProducerIdsImage) {
    this.#image = base;
  }

  build(): ProducerIdsImage {
    return this.#image;
  }

  put({ nextProducerId }: RecordValue<'ProducerIdsRecord'>): void {
    this.#image = { next: nextProducerId };
  }
}

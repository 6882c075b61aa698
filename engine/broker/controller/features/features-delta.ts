import type { RecordValue } from '../record-value.ts';
import type { FeaturesImage } from './features-image.ts';

/** What records say of the levels of features. */
export class FeaturesDelta {
  readonly #base: FeaturesImage;
  #features: Map<string, number> | undefined;

  constructor(base: FeaturesImage) {
    this.#base = base;
  }

  get isChanged(): boolean {
    return this.#features !== undefined;
  }

  build(): FeaturesImage {
    return this.#features ?? this.#base;
  }

  put({ name, featureLevel }: RecordValue<'FeatureLevelRecord'>): void {
    this.#features ??= new Map(this.#base);
    if (featureLevel === 0) this.#features.delete(name);
    else this.#features.set(name, featureLevel);
  }
}

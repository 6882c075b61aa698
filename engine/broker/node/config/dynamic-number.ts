import type { MetadataImage } from '../../controller/metadata-image.ts';

/** A number that was set for a broker while it ran, else for all of them; undefined where neither was. It was checked when it was set. */
export function dynamicNumber(image: MetadataImage, brokerId: number, name: string): number | undefined {
  const text = image.configs('broker', String(brokerId)).get(name) ?? image.configs('broker', '').get(name);
  return text === undefined ? undefined : Number(text);
}

import type { MetadataImage } from '../../controller/metadata-image.ts';
import type { ConnectionSettings } from '../../quota/connection-limits.ts';

/** What a broker is set to take of connections: what was set for it while it ran, else for all brokers, else what it was started with. */
export function connectionSettingsOf(
  image: MetadataImage,
  brokerId: number,
  given: ReadonlyMap<string, string>,
): ConnectionSettings {
  const own = image.configs('broker', String(brokerId));
  const all = image.configs('broker', '');
  const textOf = (name: string) => own.get(name) ?? all.get(name) ?? given.get(name);
  return {
    creationRateMax: numberOf(textOf('max.connection.creation.rate')),
    perAddressMax: numberOf(textOf('max.connections.per.ip')),
    addressOverrides: overridesOf(textOf('max.connections.per.ip.overrides') ?? ''),
  };
}

function numberOf(text: string | undefined): number {
  return text === undefined ? Number.POSITIVE_INFINITY : Number(text);
}

/** `address:number` pairs with commas between; an address may have colons of its own. */
function overridesOf(text: string): ReadonlyMap<string, number> {
  const pairs = text.split(',').map((pair) => pair.trim());
  return new Map(
    pairs.flatMap((pair): [string, number][] => {
      const match = /^(.+):(\d+)$/.exec(pair);
      return match ? [[match[1] ?? '', Number(match[2])]] : [];
    }),
  );
}

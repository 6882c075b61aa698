import type { BrokerSettings } from '../../api/configs/broker-settings.ts';
import type { MetadataImage } from '../../controller/metadata-image.ts';
import type { CleanerSettings } from '../../log/cleaning/cleaner-settings.ts';
import { defaultCleanerSettings } from '../../log/cleaning/cleaner-settings.ts';

/** How a broker compacts: what was set for it while it ran, or for all brokers, over what it was started with. */
export function cleanerSettingsOf(image: MetadataImage, brokerId: number, settings: BrokerSettings): CleanerSettings {
  const own = image.configs('broker', String(brokerId));
  const all = image.configs('broker', '');
  const numberOf = (name: string, fallback: number) => Number(own.get(name) ?? all.get(name) ?? fallback);
  return {
    isEnabled: settings.logCleanerEnable,
    backoffMs: numberOf('log.cleaner.backoff.ms', settings.logCleanerBackoffMs),
    dedupeBufferBytes: numberOf('log.cleaner.dedupe.buffer.size', settings.logCleanerDedupeBufferSize),
    loadFactor: loadFactorOf(numberOf('log.cleaner.io.buffer.load.factor', defaultCleanerSettings.loadFactor)),
    ioBufferBytes: numberOf('log.cleaner.io.buffer.size', settings.logCleanerIoBufferSize),
    ioBytesPerSecondMax: numberOf('log.cleaner.io.max.bytes.per.second', Number.POSITIVE_INFINITY),
  };
}

/** A map that is as good as full takes for ever to look things up in. */
const loadFactorMax = 0.95;

function loadFactorOf(value: number): number {
  return value > 0 ? Math.min(value, loadFactorMax) : defaultCleanerSettings.loadFactor;
}

import type { ImageChange } from '../controller/image-change.ts';
import type { MetadataImage } from '../controller/metadata-image.ts';
import { isDynamicListenerSetting, listenerSettingNamed } from './config/listener-settings.ts';

/** Listeners whose settings can change while they serve. */
export interface ListenerConfigs {
  /** Why settings will not do; undefined where they will. */
  faultOf(dynamic: ReadonlyMap<string, string>): string | undefined;
  setDynamic(dynamic: ReadonlyMap<string, string>): void;
}

/** A change of configs, as IncrementalAlterConfigs has it. */
interface AskedChange {
  readonly resourceName: string;
  readonly configs: readonly {
    readonly name: string;
    readonly configOperation: number;
    readonly value: string | null;
  }[];
}

const deleteOperation = 1;

/** Settings of this broker's listeners that the metadata holds: none as a rule, and then nobody hears of them. */
export class DynamicListenerConfigs {
  readonly #brokerId: string;
  readonly #listeners: ListenerConfigs | undefined;
  #set: ReadonlyMap<string, string> = new Map();

  constructor(brokerId: number, listeners: ListenerConfigs | undefined) {
    this.#brokerId = String(brokerId);
    this.#listeners = listeners;
  }

  imageChanged(image: MetadataImage, { configs }: ImageChange): void {
    if (!configs.broker.has(this.#brokerId)) return;
    const own = image.configs('broker', this.#brokerId);
    const next = new Map([...own].filter(([name]) => isDynamicListenerSetting(name)));
    if (next.size === 0 && this.#set.size === 0) return;
    this.#set = next;
    this.#listeners?.setDynamic(next);
  }

  /**
   * Why a change of a broker's configs cannot stand for what it says of listeners, in Kafka's words; undefined where it can. Only the
   * broker itself can read its files: it alone may be asked.
   */
  faultOf({ resourceName, configs }: AskedChange): string | undefined {
    const asked = configs.filter(({ name }) => listenerSettingNamed(name)?.listener !== undefined);
    if (asked.length === 0) return undefined;
    const names = asked.map(({ name }) => name).join(', ');
    if (resourceName === '') return `Cannot update these configs at default cluster level: [${names}]`;
    if (resourceName !== this.#brokerId)
      return `Unexpected broker id, expected ${this.#brokerId}, but received ${resourceName}`;
    const next = new Map(this.#set);
    for (const { name, configOperation, value } of asked)
      if (configOperation === deleteOperation || value === null) next.delete(name);
      else next.set(name, value);
    const fault = this.#listeners?.faultOf(next);
    return fault === undefined ? undefined : `Validation of dynamic config update of SSLFactory failed: ${fault}`;
  }
}

import type { RecordValue } from '../record-value.ts';
import type { ConfigOverrides, ConfigResource, ConfigsChange, ConfigsImage } from './configs-image.ts';
import { configResourceTypes } from './configs-image.ts';

/** What records say of configs. Resources of kinds that this build does not configure are passed over. */
export class ConfigsDelta {
  readonly #base: ConfigsImage;
  readonly #written: Partial<Record<ConfigResource, Map<string, ConfigOverrides>>> = {};
  readonly #changed: Record<ConfigResource, Set<string>> = {
    topic: new Set(),
    broker: new Set(),
    group: new Set(),
  };

  constructor(base: ConfigsImage) {
    this.#base = base;
  }

  build(): ConfigsImage {
    return Object.keys(this.#written).length > 0 ? { ...this.#base, ...this.#written } : this.#base;
  }

  get change(): ConfigsChange {
    return this.#changed;
  }

  put({ resourceType, resourceName, name, value }: RecordValue<'ConfigRecord'>): void {
    const resource = resourceOf(resourceType);
    if (!resource) return;
    const all = this.#writable(resource);
    const overrides = new Map(all.get(resourceName));
    if (value === null) overrides.delete(name);
    else overrides.set(name, value);
    if (overrides.size) all.set(resourceName, overrides);
    else all.delete(resourceName);
    this.#changed[resource].add(resourceName);
  }

  /** The resource is gone, and what was set for it. */
  remove(resource: ConfigResource, name: string): void {
    if (!(this.#written[resource] ?? this.#base[resource]).has(name)) return;
    this.#writable(resource).delete(name);
    this.#changed[resource].add(name);
  }

  #writable(resource: ConfigResource): Map<string, ConfigOverrides> {
    const written = this.#written[resource] ?? new Map(this.#base[resource]);
    this.#written[resource] = written;
    return written;
  }
}

function resourceOf(resourceType: number): ConfigResource | undefined {
  const resources = Object.keys(configResourceTypes) as ConfigResource[];
  return resources.find((resource) => configResourceTypes[resource] === resourceType);
}

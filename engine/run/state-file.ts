import { join } from 'node:path';
import type { Disk } from '../base/disk.ts';
import type { JsonValue } from '../model/json-value.ts';
import { isJsonObject } from '../model/json-value.ts';
import type { RuntimeState } from '../spi/runtime.ts';
import { RunError } from './run-error.ts';

/** Bytes of JSON that one activity may keep. */
export const stateBytesMax = 1_048_576;

/** Where the activities of a project keep what they keep from run to run. */
export interface StateFolder {
  readonly disk: Disk;
  readonly folder: string;
}

/**
 * What one activity or resource keeps, in a file of its own: `<process>.<activity>.json`, replaced as a whole. Read when it is first
 * asked for: most activities keep nothing. Without a folder it lasts as long as the run.
 */
export class StateFile implements RuntimeState {
  readonly #place: StateFolder | undefined;
  readonly #key: string;
  #values: Record<string, JsonValue> | undefined;

  constructor(place: StateFolder | undefined, key: string) {
    this.#place = place;
    this.#key = key;
  }

  get(name: string): JsonValue | undefined {
    const values = this.#read();
    return Object.hasOwn(values, name) ? values[name] : undefined;
  }

  set(name: string, value: JsonValue | undefined): void {
    const { [name]: _old, ...others } = this.#read();
    const next = value === undefined ? others : { ...others, [name]: value };
    const content = Buffer.from(JSON.stringify(next));
    if (content.length > stateBytesMax)
      throw new RunError(
        'STATE_TOO_LARGE',
        `expected at most ${stateBytesMax} bytes of state of ${this.#key}, but found ${content.length} with "${name}"`,
      );
    if (this.#place) {
      this.#place.disk.makeFolder(this.#place.folder);
      this.#place.disk.writeFileAtomic(this.#path(this.#place), content);
    }
    this.#values = next;
  }

  #read(): Record<string, JsonValue> {
    this.#values ??= this.#place ? this.#load(this.#place) : {};
    return this.#values;
  }

  /** What cannot be read is not taken for nothing: a source would be read from its beginning again. */
  #load(place: StateFolder): Record<string, JsonValue> {
    const content = place.disk.readFile(this.#path(place));
    if (content === undefined) return {};
    try {
      const values: unknown = JSON.parse(content.toString());
      if (isJsonObject(values)) return values as Record<string, JsonValue>;
    } catch {
      // Told below, with the place.
    }
    throw new RunError(
      'STATE_UNREADABLE',
      `expected a JSON object in ${this.#path(place)}, the state of ${this.#key}; delete the file to begin anew`,
    );
  }

  #path({ folder }: StateFolder): string {
    return join(folder, `${this.#key}.json`);
  }
}

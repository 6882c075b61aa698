import { suggest } from '../../../base/suggest.ts';
import { unknownSettings } from './broker-config.ts';
import { startSettingNames } from './describe-settings.ts';
import { kafkaSettingNames } from './kafka-setting-names.ts';
import { topicDefaultNames } from './topic-defaults.ts';

/** What to say about settings that were given and that nothing here depends on: each in one line, misspelt ones with the nearest name. */
export function settingWarnings(given: ReadonlyMap<string, string>): string[] {
  const names = [...startSettingNames, ...topicDefaultNames.keys()];
  return unknownSettings(given).map((name) => {
    if (kafkaSettingNames.has(name)) return `${name} has no effect here`;
    const meant = suggest(name, names) ?? suggest(name, [...kafkaSettingNames]);
    return `expected a setting of the broker, found "${name}"${meant === undefined ? '' : `; did you mean "${meant}"?`}`;
  });
}

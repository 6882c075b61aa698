import { readFileSync } from 'node:fs';
import { MillraceError, messageOf } from '../base/errors.ts';
import { parseProperties } from '../base/properties-file.ts';
import { identitySettings } from '../broker/node/config/broker-file-from.ts';
import { givenSettings } from '../broker/node/config/given-settings.ts';
import { settingWarnings } from '../broker/node/config/setting-warnings.ts';
import type { Command, Invocation } from './command.ts';
import { pairsOption, textOption } from './command-values.ts';

/** Where the settings of brokers come from. */
export const brokerSettingOptions: Command['options'] = {
  config: {
    type: 'string',
    value: 'file',
    help: 'A server.properties; KAFKA_* variables win over it (KAFKA_NUM_PARTITIONS), --set over both',
  },
  set: {
    type: 'string',
    multiple: true,
    value: 'name=value',
    help: 'A broker setting by its Kafka name; may be repeated',
  },
};

/**
 * Settings of a broker from `--config`, `KAFKA_*` variables and `--set`, the later over the earlier. Says which of them nothing depends on.
 * Throws BROKER_CONFIG_UNREADABLE.
 */
export function brokerSettingsOf(invocation: Invocation): Map<string, string> {
  const path = textOption(invocation, 'config');
  const file = path === undefined ? [] : parseProperties(readConfig(path));
  const set = pairsOption(invocation, 'set');
  const settings = givenSettings({ file, environment: invocation.environment, set });
  const named = new Map([...settings].filter(([name]) => !identitySettings.has(name)));
  for (const warning of settingWarnings(named)) warn(invocation, warning);
  return settings;
}

/** The same for a cluster, which itself decides who its brokers are and where they listen. */
export function clusterSettingsOf(invocation: Invocation): Record<string, string> {
  const settings = brokerSettingsOf(invocation);
  for (const name of identitySettings) {
    if (settings.delete(name)) warn(invocation, `${name} has no effect here: the cluster decides it`);
  }
  return Object.fromEntries(settings);
}

function warn({ output }: Invocation, warning: string): void {
  output.event({ warning }, `millrace: warning: ${warning}`);
}

function readConfig(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new MillraceError('BROKER_CONFIG_UNREADABLE', `--config: could not read ${path}: ${messageOf(cause)}`, {
      cause,
    });
  }
}

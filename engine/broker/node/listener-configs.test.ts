import { expect, it } from 'vitest';
import { DynamicListenerConfigs } from './listener-configs.ts';

const location = 'listener.name.outside.ssl.keystore.location';
const set = (name: string, value: string | null, configOperation = 0) => ({ name, value, configOperation });

/** Broker 1, whose listeners refuse a file. */
function setUp() {
  const asked: ReadonlyMap<string, string>[] = [];
  const configs = new DynamicListenerConfigs(1, {
    faultOf: (dynamic) => {
      asked.push(dynamic);
      return dynamic.get(location) === '/bad' ? 'no such file' : undefined;
    },
    setDynamic: () => {},
  });
  return { configs, asked };
}

it('asks the broker itself what a new store is worth, before it is written', () => {
  const { configs, asked } = setUp();
  expect(configs.faultOf({ resourceName: '1', configs: [set(location, '/good')] })).toBeUndefined();
  expect(configs.faultOf({ resourceName: '1', configs: [set(location, '/bad')] })).toBe(
    'Validation of dynamic config update of SSLFactory failed: no such file',
  );
  expect(asked.map((each) => [...each])).toEqual([[[location, '/good']], [[location, '/bad']]]);
});

it('refuses stores of all brokers, and those of another one', () => {
  const { configs, asked } = setUp();
  expect(configs.faultOf({ resourceName: '', configs: [set(location, '/good')] })).toContain('default cluster level');
  expect(configs.faultOf({ resourceName: '2', configs: [set(location, '/good')] })).toContain('Unexpected broker id');
  expect(asked).toEqual([]);
});

it('has nothing to say of other settings', () => {
  const { configs, asked } = setUp();
  for (const resourceName of ['', '1', '2'])
    expect(configs.faultOf({ resourceName, configs: [set('log.retention.ms', '1')] })).toBeUndefined();
  expect(asked).toEqual([]);
});

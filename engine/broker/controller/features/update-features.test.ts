import { describe, expect, it } from 'vitest';
import { errorCode } from '../../../protocol/error-codes.ts';
import { newFeatureLevel, newRegisterBroker } from '../new-record.ts';
import { TestController } from '../testing/controller-fixture.ts';
import { features } from './supported-features.ts';
import { planUpdateFeatures } from './update-features.ts';

const elr = features.eligibleLeaderReplicasVersion.name;
const metadata = features.metadataVersion.name;

/** A cluster whose features are at these levels. */
function clusterAt(levels: Readonly<Record<string, number>>): TestController {
  const controller = new TestController().start(1, 2);
  const records = Object.entries(levels).map(([name, level]) => newFeatureLevel(name, level));
  controller.run({ records, reply: undefined });
  return controller;
}

function update(controller: TestController, feature: string, level: number, upgradeType = 1, validateOnly = false) {
  const featureUpdates = [{ feature, maxVersionLevel: level, upgradeType, allowDowngrade: false }];
  return controller.run(planUpdateFeatures(controller.view, { timeoutMs: 1, featureUpdates, validateOnly }));
}

describe('levels of features', () => {
  it('go up where every broker can follow, and are then what the image says', () => {
    const controller = clusterAt({});
    expect(update(controller, elr, 1).errorCode).toBe(errorCode.NONE);
    expect(controller.image.featureLevel(elr)).toBe(1);
  });

  it('stay in a dry run', () => {
    const controller = clusterAt({});
    expect(update(controller, elr, 1, 1, true).errorCode).toBe(errorCode.NONE);
    expect(controller.image.featureLevel(elr)).toBe(0);
  });

  it('stay where a broker cannot follow, and it is named', () => {
    const controller = clusterAt({});
    const old = { ...controller.image.brokers.get(2)!, features: [] };
    controller.run({ records: [newRegisterBroker(old)], reply: undefined });
    expect(update(controller, elr, 1)).toMatchObject({
      errorCode: errorCode.INVALID_UPDATE_VERSION,
      errorMessage: expect.stringContaining('Broker 2 does not support this feature.'),
    });
  });

  it.each([
    ['a feature that nobody knows', 'no.such.version', 1, 1, 'does not support this feature'],
    ['a level above the supported ones', elr, 2, 1, 'only supports versions 0-1'],
    ['a level below zero', elr, -1, 1, 'cannot be less than 0'],
    ['a downgrade that is called an upgrade', elr, 0, 1, 'safe or unsafe downgrade'],
    ['an upgrade that is called a downgrade', metadata, 33, 2, "Can't downgrade to a newer version"],
    ['a kind of update that nobody knows', elr, 1, 9, 'does not support the given upgrade type'],
    ['a downgrade of metadata that would lose some', metadata, 29, 2, 'might delete metadata information'],
    ['the same by force', metadata, 29, 3, 'Unsafe metadata downgrade is not supported'],
  ])('refuse %s', (_, feature, level, kind, message) => {
    const controller = clusterAt({ [elr]: 1, [metadata]: 30 });
    const before = controller.image.features;
    const reply = update(controller, feature, level, kind);
    expect(reply.errorCode).toBe(errorCode.INVALID_UPDATE_VERSION);
    expect(reply.errorMessage).toContain(message);
    expect(controller.image.features).toBe(before);
  });

  it('move all together or not at all', () => {
    const controller = clusterAt({ [metadata]: 30 });
    const row = { upgradeType: 1, allowDowngrade: false };
    const featureUpdates = [
      { ...row, feature: elr, maxVersionLevel: 1 },
      { ...row, feature: metadata, maxVersionLevel: 99 },
    ];
    controller.run(planUpdateFeatures(controller.view, { timeoutMs: 1, featureUpdates, validateOnly: false }));
    expect(controller.image.featureLevel(elr)).toBe(0);
  });

  it('go down where no metadata is lost, and to nothing at zero', () => {
    const controller = clusterAt({ [elr]: 1, [metadata]: 29 });
    expect(update(controller, metadata, 24, 2).errorCode).toBe(errorCode.NONE);
    expect(update(controller, elr, 0, 2).errorCode).toBe(errorCode.NONE);
    expect([...controller.image.features]).toEqual([[metadata, 24]]);
  });

  it('make the minimum of in-sync replicas one of the whole cluster with the eligible replicas', () => {
    const controller = clusterAt({});
    const configs = { resourceType: 4, resourceName: '2', name: 'min.insync.replicas', value: '3' };
    controller.run({ records: [{ name: 'ConfigRecord', version: 0, value: configs }], reply: undefined });
    update(controller, elr, 1);
    expect(controller.image.configs('broker', '').get('min.insync.replicas')).toBe('1');
    expect(controller.image.configs('broker', '2').get('min.insync.replicas')).toBeUndefined();
  });
});

it('registers no broker that lacks a level which the cluster relies on', () => {
  const controller = clusterAt({ [metadata]: 33, 'level.of.tomorrow': 2 });
  expect(controller.register(3).errorCode).toBe(errorCode.UNSUPPORTED_VERSION);
  expect(controller.image.brokers.has(3)).toBe(false);
});

import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../base/log.ts';
import { ManualClock } from '../../../base/testing/manual-clock.ts';
import { SeededRandom } from '../../../base/testing/seeded-random.ts';
import { apis } from '../../../protocol/api-keys.ts';
import { decode, encodeToBuffer } from '../../../protocol/codec.ts';
import { NotControllerError } from '../../api/controller/not-controller-error.ts';
import { registeredFeatures, supportedFeatures } from '../../controller/features/supported-features.ts';
import { MetadataImage } from '../../controller/metadata-image.ts';
import { groupBounds } from '../../group/testing/group-bounds.ts';
import type { RaftState } from '../../raft/raft-state.ts';
import { initialRaftState } from '../../raft/raft-state.ts';
import { step } from '../../raft/step.ts';
import { ActiveController } from './active-controller.ts';
import { configSchemaOfLog } from './config-schema-of-log.ts';
import { testSettings } from './testing/quorum-cluster.ts';

/** A controller that leads a quorum of one, and a raft that may resign while it appends. */
function setUp() {
  const clock = new ManualClock();
  const random = new SeededRandom(1);
  let raft: RaftState = initialRaftState({
    settings: { ...testSettings.raft, nodeId: 1, directoryId: '', voters: [1] },
    nowMs: 0,
    chance: 0,
  });
  raft = step(raft, { nowMs: 0, chance: 0, event: { type: 'tick' } }).state;
  let endOffset = 1;
  const world = { resignsAtAppend: false, appends: 0 };
  const controller: ActiveController = new ActiveController({
    nodeId: 1,
    clock,
    random,
    log: silentLog,
    settings: testSettings,
    configs: configSchemaOfLog(new Map(), groupBounds),
    raft: () => raft,
    // The leader-change record at offset 0 is committed; nothing behind it ever is.
    committedImage: () => Object.assign(Object.create(MetadataImage.empty('test-cluster')), { offset: 0 }),
    firstVoters: [{ id: 1, directoryId: '', host: 'localhost', port: 9_001 }],
    changeVoters: () => {
      endOffset += 2;
      return endOffset;
    },
    append: (batch) => {
      world.appends++;
      endOffset += batch.readInt32BE(57);
      if (world.resignsAtAppend) {
        raft = { ...raft, leaderId: -1, role: { kind: 'resigned', electionDeadlineMs: 1_000 } };
        controller.settled();
      }
      return endOffset;
    },
  });
  controller.settled();
  return { clock, controller, world };
}

function heartbeat(brokerId: number, brokerEpoch: number): unknown {
  return { brokerId, brokerEpoch, currentMetadataOffset: brokerEpoch, wantFence: false, wantShutDown: false };
}

function register(brokerId: number): unknown {
  const request = {
    brokerId,
    clusterId: 'test-cluster',
    incarnationId: `${'A'.repeat(18)}${brokerId}01A`,
    listeners: [{ name: 'PLAINTEXT', host: 'localhost', port: 9_000 + brokerId, securityProtocol: 0 }],
    features: [...registeredFeatures],
    rack: null,
  };
  const { request: schema, versionMax } = apis.brokerRegistration;
  return decode(schema, versionMax, encodeToBuffer(schema, versionMax, request));
}

describe('a controller that loses the lead within its own append', () => {
  it('refuses the command that was being appended, and those that waited', async () => {
    const { clock, controller, world } = setUp();
    expect(controller.isActive).toBe(true);
    const waiting = controller.command(apis.brokerRegistration.key, register(1));
    world.resignsAtAppend = true;
    const appending = controller.command(apis.brokerRegistration.key, register(2));
    await expect(appending).rejects.toThrow(NotControllerError);
    await expect(waiting).rejects.toThrow(NotControllerError);
    expect(controller.isActive).toBe(false);
    expect(clock.nextDueMs, 'no timer of the term is left').toBeUndefined();
  });

  it('fences nobody else once the first fencing has cost it the lead', async () => {
    const { clock, controller, world } = setUp();
    const answers: Promise<unknown>[] = [];
    const ask = (api: { readonly key: number }, request: unknown) =>
      answers.push(controller.command(api.key, request).catch((error: unknown) => error));
    // A new cluster's features come first, each at an offset but for raft's own, and its voters, with raft's version, at two more.
    const firstOffset = supportedFeatures.length - 1 + 2;
    for (const id of [1, 2]) ask(apis.brokerRegistration, register(id));
    for (const id of [1, 2]) ask(apis.brokerHeartbeat, heartbeat(id, id + firstOffset));
    const before = world.appends;
    world.resignsAtAppend = true;
    clock.advance(testSettings.brokerSessionTimeoutMs);
    expect(world.appends - before).toBe(1);
    for (const answer of await Promise.all(answers)) expect(answer).toBeInstanceOf(NotControllerError);
  });
});

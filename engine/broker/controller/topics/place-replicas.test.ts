import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../../base/testing/seeded-random.ts';
import { TestController } from '../testing/controller-fixture.ts';
import { placeReplicas } from './place-replicas.ts';

function clusterOf(racks: Readonly<Record<number, string>>): TestController {
  const controller = new TestController();
  for (const [id, rack] of Object.entries(racks)) {
    controller.register(Number(id), { rack });
    controller.heartbeat(Number(id));
  }
  return controller;
}

function place(
  controller: TestController,
  partitionCount: number,
  replicationFactor: number,
): readonly (readonly number[])[] {
  const placed = placeReplicas(controller.image, new SeededRandom(3), { partitionCount, replicationFactor });
  if (!placed.ok) throw new Error(placed.error);
  return placed.value;
}

describe('replicas of brokers in racks', () => {
  const racks: Readonly<Record<number, string>> = { 1: 'a', 2: 'a', 3: 'b', 4: 'b', 5: 'c', 6: 'c' };

  it('are in as many racks as there can be', () => {
    const controller = clusterOf(racks);
    for (const replicas of place(controller, 30, 3)) expect(new Set(replicas.map((id) => racks[id])).size).toBe(3);
    for (const replicas of place(controller, 30, 5)) expect(new Set(replicas.map((id) => racks[id])).size).toBe(3);
  });

  it('lead as often in each rack and on each broker', () => {
    const leaders = place(clusterOf(racks), 60, 3).map(([leader]) => leader!);
    for (const id of Object.keys(racks)) expect(leaders.filter((leader) => leader === Number(id))).toHaveLength(10);
  });

  it('are on other brokers each, also where a rack has more than its share', () => {
    for (const replicas of place(clusterOf({ 1: 'a', 2: 'a', 3: 'a', 4: 'b' }), 20, 3)) {
      expect(new Set(replicas).size).toBe(3);
      expect(replicas).toContain(4);
    }
  });
});

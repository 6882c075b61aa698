import { describe, expect, it } from 'vitest';
import type { Position, Project } from '../../engine/model/document.ts';
import { manyActivities } from '../../test/kit/designer/many-activities.ts';
import { sampleProject } from '../../test/kit/designer/sample-project.ts';
import { nodeHeight, nodeWidth } from './geometry.ts';
import { placeUnplaced } from './place-unplaced.ts';

function without(project: Project, process: string, ids?: readonly string[]): Project {
  const found = project.processes[process]!;
  const kept = Object.entries(found.layout.positions).filter(([id]) => ids !== undefined && !ids.includes(id));
  const layout = { ...found.layout, positions: Object.fromEntries(kept) };
  return { ...project, processes: { ...project.processes, [process]: { ...found, layout } } };
}

function overlaps(positions: Readonly<Record<string, Position>>): string[] {
  const all = Object.entries(positions);
  return all.flatMap(([a, one], index) =>
    all
      .slice(index + 1)
      .filter(([, two]) => Math.abs(one.x - two.x) < nodeWidth && Math.abs(one.y - two.y) < nodeHeight)
      .map(([b]) => `${a} and ${b}`),
  );
}

describe('placing activities that have no place', () => {
  it('gives the same project back when every activity has one', () => {
    expect(placeUnplaced(sampleProject)).toBe(sampleProject);
  });

  it('lays out a process without a layout from left to right', () => {
    const { positions } = placeUnplaced(without(sampleProject, 'triage-quakes')).processes['triage-quakes']!.layout;
    const process = sampleProject.processes['triage-quakes']!;
    expect(Object.keys(positions).sort()).toEqual(Object.keys(process.activities).sort());
    expect(overlaps(positions)).toEqual([]);
    for (const wire of process.transitions) expect(positions[wire.to]!.x).toBeGreaterThan(positions[wire.from]!.x);
  });

  it('keeps what has a place and puts the others beside what leads to them', () => {
    const before = sampleProject.processes['triage-quakes']!;
    const { positions } = placeUnplaced(without(sampleProject, 'triage-quakes', ['send', 'log'])).processes[
      'triage-quakes'
    ]!.layout;
    for (const id of Object.keys(before.activities))
      if (!['send', 'log'].includes(id)) expect(positions[id]).toEqual(before.layout.positions[id]);
    expect(overlaps(positions)).toEqual([]);
  });

  it('lays out a thousand activities', () => {
    const { positions } = placeUnplaced(without(manyActivities(1000), 'large')).processes.large!.layout;
    expect(Object.keys(positions)).toHaveLength(1000);
  });
});

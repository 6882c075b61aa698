import { describe, expect, it } from 'vitest';
import { sampleProject } from '../../test/kit/designer/sample-project.ts';
import { renameActivity } from '../edits/change-activity.ts';
import type { Edit } from '../edits/edit.ts';
import { remove } from '../edits/remove.ts';
import { applyBehaviors } from './behaviors.ts';
import { freeName } from './names-stay-unique.ts';

const id = 'triage-quakes';

function afterEdit(edit: Edit) {
  return applyBehaviors(sampleProject, edit(sampleProject)).processes[id]!;
}

describe('behaviours', () => {
  it('remove the wires and the place of an activity with it', () => {
    const process = afterEdit(remove(id, { activities: ['map'], transitions: [] }));
    expect(process.transitions.map((wire) => wire.id)).toEqual(['send-failed']);
    expect(process.layout.positions).not.toHaveProperty('map');
  });

  it('place an activity that has no place', () => {
    const process = afterEdit((project) => {
      const owner = project.processes[id]!;
      const added = { id: 'extra', name: 'Extra', type: 'general.log', config: {}, input: {} };
      const changed = { ...owner, activities: { ...owner.activities, extra: added } };
      return { ...project, processes: { ...project.processes, [id]: changed } };
    });
    expect(process.layout.positions.extra?.x).toBeGreaterThan(process.layout.positions.failed!.x);
  });

  it('number a name that another activity has, and leave the other alone', () => {
    const process = afterEdit(renameActivity(id, 'log', 'Send alert'));
    expect(process.activities.log?.name).toBe('Send alert 2');
    expect(process.activities.send?.name).toBe('Send alert');
  });

  it('touch nothing that is right', () => {
    expect(applyBehaviors(sampleProject, sampleProject)).toBe(sampleProject);
  });

  it('count on from a number that is there', () => {
    expect(freeName('Log 2', new Set(['Log', 'Log 2', 'Log 3']))).toBe('Log 4');
  });
});

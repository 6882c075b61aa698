import type { Activity, Position, Process, Project, Transition } from '../../../engine/model/document.ts';
import { sampleProject } from './sample-project.ts';

/** Activities in a row of the large process. */
const columns = 25;

/** The sample project with one process of `count` activities in rows, each wired to the one before it. */
export function manyActivities(count: number): Project {
  const activities: Record<string, Activity> = {};
  const positions: Record<string, Position> = {};
  const transitions: Transition[] = [];
  for (let index = 0; index < count; index += 1) {
    const id = `step${index}`;
    const type = index === 0 ? 'kafka.receive-message' : index % 3 === 0 ? 'general.log' : 'general.mapper';
    activities[id] = { id, name: `Step ${index}`, type, config: {}, input: {} };
    positions[id] = { x: (index % columns) * 272, y: Math.floor(index / columns) * 128 };
    if (index > 0) transitions.push({ id: `wire${index}`, from: `step${index - 1}`, to: id, kind: 'success' });
  }
  const large: Process = { id: 'large', name: 'Large', activities, transitions, layout: { positions } };
  return { ...sampleProject, processes: { ...sampleProject.processes, large } };
}

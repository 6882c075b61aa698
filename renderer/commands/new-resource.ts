import type { ResourceId } from '../../engine/model/document.ts';
import { fileIdFrom } from '../edits/free-id.ts';
import { addResource } from '../edits/resources.ts';
import type { StudioStore } from '../store/studio-store.ts';
import type { Command } from './command.ts';
import { hasProject } from './command.ts';

/** Adds a Kafka Connection, the shared resource that most projects begin with. */
export const newKafkaConnection: Command = {
  id: 'new-kafka-connection',
  title: 'New Kafka Connection',
  group: 'Project',
  glyph: 'resource',
  canRun: hasProject,
  run: ({ store }) => {
    const id = createResource(store, 'kafka.connection');
    if (id !== undefined) store.getState().selectResource(id);
  },
};

/** Adds a shared resource of a type and returns its id; undefined when there is no such type or no project. */
export function createResource(store: StudioStore, type: string): ResourceId | undefined {
  const { project, palette, edit } = store.getState();
  const declaration = palette.get(type);
  if (project === null || declaration === undefined) return undefined;
  const id = fileIdFrom(declaration.suggestedId, (taken) => taken in project.resources);
  edit(`New ${declaration.title}`, addResource(id, id, declaration));
  return id;
}

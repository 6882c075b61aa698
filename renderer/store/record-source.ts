import type { RecordPlace } from '../../engine/studio/contract.ts';
import { emptyBrowse, messageKeyOf } from './browse-place.ts';
import type { StudioState, StudioStore } from './studio-store.ts';

/** Shows a record in the topic browser: the topic read from its offset on, and the record open. */
export function showRecord(store: StudioStore, process: string | undefined, record: RecordPlace): void {
  const { topic, partition, offset } = record;
  store.getState().show({
    view: 'topics',
    browse: {
      connection: connectionOf(store.getState(), process),
      topic,
      filter: { ...emptyBrowse.filter, at: 'offset', offset, partition },
      message: messageKeyOf(partition, offset),
    },
  });
}

/** The cluster that the starter of a process reads, as the topic browser names it. */
function connectionOf({ project, palette }: StudioState, process: string | undefined): string {
  const activities = Object.values(project?.processes[process ?? '']?.activities ?? {});
  const starter = activities.find(({ type }) => palette.get(type)?.kind === 'starter');
  const id = starter?.config.connection;
  const resource = typeof id === 'string' ? project?.resources[id] : undefined;
  return resource?.config.cluster === 'servers' ? resource.id : '';
}

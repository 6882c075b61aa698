import type { ControllerView } from '../controller-view.ts';

/** min.insync.replicas of a topic: its own, the cluster's, or the setting's. */
export function minIsrOf({ image, settings }: Pick<ControllerView, 'image' | 'settings'>, topic: string): number {
  const text =
    image.configs('topic', topic).get('min.insync.replicas') ??
    image.configs('broker', '').get('min.insync.replicas') ??
    settings.minInsyncReplicas;
  return Number(text);
}

/** Whether a topic accepts a leader that may lack committed records. */
export function allowsUnclean({ image, settings }: Pick<ControllerView, 'image' | 'settings'>, topic: string): boolean {
  const text =
    image.configs('topic', topic).get('unclean.leader.election.enable') ??
    image.configs('broker', '').get('unclean.leader.election.enable') ??
    String(settings.uncleanLeaderElectionEnable);
  return text === 'true';
}

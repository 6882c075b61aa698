import type { ActivityDeclaration } from './define-activity.ts';
import type { ConfigFields, ConfigOf } from './fields.ts';
import type { ActivityRuntime, EventAbility, ResourceRuntime, StarterRuntime } from './runtime.ts';

/** A runtime with the kind of its declaration, as the list palette/runtimes.ts holds it. Its config was read by `readConfig`. */
export type PaletteRuntime =
  | ({ readonly kind: 'activity' } & ActivityRuntime<never, EventAbility>)
  | ({ readonly kind: 'starter' } & StarterRuntime<never>)
  | ({ readonly kind: 'resource' } & ResourceRuntime<never>);

/** The runtime of an activity; the types of `config` and of `job.event` come from the declaration. */
export function activityRuntime<Fields extends ConfigFields, Needed extends EventAbility>(
  declaration: ActivityDeclaration<Fields, Needed>,
  open: ActivityRuntime<ConfigOf<Fields>, Needed>['open'],
): { readonly kind: 'activity' } & ActivityRuntime<ConfigOf<Fields>, Needed> {
  return { kind: 'activity', type: declaration.type, open };
}

/** The runtime of a process starter. */
export function starterRuntime<Fields extends ConfigFields>(
  declaration: ActivityDeclaration<Fields>,
  open: StarterRuntime<ConfigOf<Fields>>['open'],
): { readonly kind: 'starter' } & StarterRuntime<ConfigOf<Fields>> {
  return { kind: 'starter', type: declaration.type, open };
}

/** The runtime of a shared resource. */
export function resourceRuntime<Fields extends ConfigFields>(
  declaration: ActivityDeclaration<Fields>,
  open: ResourceRuntime<ConfigOf<Fields>>['open'],
): { readonly kind: 'resource' } & ResourceRuntime<ConfigOf<Fields>> {
  return { kind: 'resource', type: declaration.type, open };
}

/** Loads runtimes by type when a process first needs them, so that a run pays only for what it uses. */
export type RuntimeLoaders = Readonly<Record<string, () => Promise<PaletteRuntime>>>;

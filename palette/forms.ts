/** A hand-made form for an activity whose declared fields are not enough; it gets the config and reports the changed one. */
export type ActivityForm = (props: {
  readonly config: Readonly<Record<string, unknown>>;
  readonly onChange: (config: Readonly<Record<string, unknown>>) => void;
}) => unknown;

/** Activities with a form.tsx of their own, by type. All others get the form made from their declaration. */
export const forms: Readonly<Record<string, ActivityForm>> = {};

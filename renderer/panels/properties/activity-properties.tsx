import type { Activity, Process } from '../../../engine/model/document.ts';
import type { Problem } from '../../../engine/model/problem.ts';
import type { ActivityDeclaration } from '../../../engine/spi/define-activity.ts';
import { useInputFields } from '../../editors/use-input-fields.ts';
import { renameActivity, setConfig } from '../../edits/change-activity.ts';
import { Badge } from '../../kit/badge.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Tabs } from '../../kit/tabs.tsx';
import { problemsOfActivity } from '../../store/selectors.ts';
import type { PropertiesTab } from '../../store/session-slice.ts';
import { useStudio } from '../../store/use-studio.ts';
import { ActivityIdField } from './activity-id-field.tsx';
import { ConfigForm } from './config-form.tsx';
import { GroupKindField } from './group-kind-field.tsx';
import { Mappings } from './mappings.tsx';
import { OutputView } from './output-view.tsx';
import { PropertiesHeader } from './properties-header.tsx';
import { isUntouched, useShownProblems } from './shown-problems.ts';

interface ActivityPropertiesProps {
  readonly process: Process;
  readonly activity: Activity;
}

/** Settings, input mapping and output of one activity. */
export function ActivityProperties({ process, activity }: ActivityPropertiesProps) {
  const declaration = useStudio((state) => state.palette.get(activity.type));
  const edit = useStudio((state) => state.edit);
  return (
    <>
      <PropertiesHeader
        type={activity.type}
        kind={declaration?.title ?? activity.type}
        name={activity.name}
        onRename={(name) => edit('Rename', renameActivity(process.id, activity.id, name))}
      />
      {declaration === undefined ? (
        <EmptyState
          glyph="warning"
          title="This activity is not installed"
          hint={`Nothing in the palette is called ${activity.type}. Its settings are kept as they are.`}
        />
      ) : (
        <ActivityTabs process={process} activity={activity} declaration={declaration} />
      )}
    </>
  );
}

function ActivityTabs({
  process,
  activity,
  declaration,
}: ActivityPropertiesProps & { readonly declaration: ActivityDeclaration }) {
  const { wanted, show } = useStudio((state) => ({ wanted: state.propertiesTab, show: state.show }));
  const problems = useStudio((state) => problemsOfActivity(state, process.id, activity.id));
  const shown = useShownProblems(problems, isUntouched(activity, declaration));
  const { fields, isOpen } = useInputFields(process, activity);
  const hasInput = isOpen || Object.keys(fields).length > 0;
  const hasSettings = Object.keys(declaration.config).length > 0;
  const tabs = tabsFor(hasSettings, hasInput);
  const tab = tabs.find((one) => one.id === wanted)?.id ?? tabs[0]!.id;
  const inputProblems = problems.filter((problem) => problem.field?.startsWith('input') === true).length;
  const counts = { settings: problems.length - inputProblems, about: 0, input: inputProblems, output: 0 };
  const marked = tabs.map((one) => ({
    ...one,
    mark: counts[one.id] === 0 ? null : <Badge tone="danger">{counts[one.id]}</Badge>,
  }));
  return (
    <>
      <div className="properties-tabs">
        <Tabs
          label="Parts of the activity"
          items={marked}
          selected={tab}
          onSelect={(id) => show({ propertiesTab: id })}
        />
      </div>
      <div className={`properties-body is-${tab}`} role="tabpanel" aria-label={tab}>
        {tab === 'settings' || tab === 'about' ? (
          <ActivitySettings process={process} activity={activity} declaration={declaration} problems={shown} />
        ) : tab === 'input' ? (
          <Mappings process={process} activity={activity} fields={fields} isOpen={isOpen} problems={shown} />
        ) : (
          <OutputView process={process} activity={activity} declaration={declaration} />
        )}
      </div>
    </>
  );
}

function tabsFor(
  hasSettings: boolean,
  hasInput: boolean,
): { readonly id: PropertiesTab; readonly label: string; readonly testId: string }[] {
  const settings = { id: 'settings', label: 'Settings', testId: 'properties-tab-settings' } as const;
  const input = { id: 'input', label: 'Input', testId: 'properties-tab-input' } as const;
  const output = { id: 'output', label: 'Output', testId: 'properties-tab-output' } as const;
  // Where mapping is all there is to do, it comes first.
  if (!hasSettings && hasInput) return [input, output, { id: 'about', label: 'About', testId: 'properties-tab-about' }];
  return hasInput ? [settings, input, output] : [settings, output];
}

function ActivitySettings({
  process,
  activity,
  declaration,
  problems,
}: ActivityPropertiesProps & { readonly declaration: ActivityDeclaration; readonly problems: readonly Problem[] }) {
  const edit = useStudio((state) => state.edit);
  return (
    <>
      <p className="properties-summary">{declaration.summary}</p>
      <ConfigForm
        fields={declaration.config}
        config={activity.config}
        problems={problems}
        onChange={(field, value) =>
          edit(`Change ${declaration.config[field]?.label ?? field}`, setConfig(process.id, activity.id, field, value))
        }
      >
        {declaration.kind === 'scope' ? <GroupKindField process={process} activity={activity} /> : null}
        <ActivityIdField process={process} activity={activity} />
      </ConfigForm>
    </>
  );
}

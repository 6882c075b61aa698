import type { KeyboardEvent, ReactNode } from 'react';
import { useEffect, useId, useRef, useState } from 'react';
import { classNames } from './class-names.ts';
import type { FieldControlIds } from './field.tsx';
import { Glyph } from './glyph.tsx';
import { Popover } from './popover.tsx';
import type { Option } from './select.tsx';

/** Options that are fetched each time the list opens; a rejection's message is shown in the list. */
export type LoadOptions = () => Promise<readonly Option[]>;

interface ComboboxProps extends Partial<FieldControlIds> {
  readonly value: string;
  readonly onCommit: (value: string) => void;
  readonly load: LoadOptions;
  readonly placeholder?: string | undefined;
  /** Said while loading: `Asking the cluster for its topics…`. */
  readonly loadingText: string;
  readonly emptyText: string;
  /** What else can be done from the list, as its last row: `Create topic…`. */
  readonly action?: ListAction;
  readonly className?: string;
}

/** A row of the list that does something with what is typed. */
export interface ListAction {
  readonly label: (draft: string) => string;
  readonly run: (draft: string) => void;
}

type Loaded = { readonly options: readonly Option[] } | { readonly failure: string } | undefined;

/** Most options drawn at once; typing narrows the rest. */
const optionsShownMax = 200;

/** A text field with a list that is loaded when it opens. Any text may be typed. */
export function Combobox(props: ComboboxProps) {
  const { value, onCommit, load, loadingText, emptyText, placeholder, action, className, ...ids } = props;
  const [draft, setDraft] = useState(value);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const anchor = useRef<HTMLSpanElement>(null);
  const listId = useId();
  const loaded = useOptions(open, load);
  useEffect(() => setDraft(value), [value]);
  const { shown, hidden } = visibleOptions(loaded, draft, value);
  const commit = (next: string) => {
    setDraft(next);
    setOpen(false);
    setActive(-1);
    if (next !== value) onCommit(next);
  };
  const rows = shown.length + (action === undefined ? 0 : 1);
  const act = () => {
    setOpen(false);
    setActive(-1);
    action?.run(draft.trim());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setOpen(true);
      setActive((at) => moveActive(at, event.key === 'ArrowDown' ? 1 : -1, rows));
    } else if (event.key === 'Enter' && active === shown.length) act();
    else if (event.key === 'Enter') commit(shown[active]?.value ?? draft);
    else if (event.key === 'Escape' && (open || draft !== value)) {
      event.stopPropagation();
      setOpen(false);
      setDraft(value);
    }
  };
  return (
    <span ref={anchor} className={classNames('combobox', className)}>
      <input
        {...ids}
        {...fieldProps(listId, { open, rows, active })}
        {...{ placeholder, 'data-draft': draft === value ? undefined : '' }}
        value={draft}
        onChange={(event) => {
          setDraft(event.target.value);
          setOpen(true);
          setActive(-1);
        }}
        onClick={() => setOpen(true)}
        onKeyDown={onKeyDown}
        onBlur={() => commit(draft)}
      />
      <ComboboxToggle onToggle={() => setOpen(!open)} />
      {open ? (
        <Popover anchor={anchor} onClose={() => setOpen(false)} className="option-list-box" matchWidth>
          <OptionList
            id={listId}
            loaded={loaded}
            options={shown}
            hidden={hidden}
            active={active}
            onPick={commit}
            actionLabel={action?.label(draft.trim())}
            onAction={act}
            texts={{ loadingText, emptyText }}
          />
        </Popover>
      ) : null}
    </span>
  );
}

/** What makes a text field the field of a list. */
function fieldProps(listId: string, { open, rows, active }: { open: boolean; rows: number; active: number }) {
  return {
    ...({ type: 'text', role: 'combobox', className: 'input', spellCheck: false, autoComplete: 'off' } as const),
    'aria-autocomplete': 'list',
    'aria-expanded': open,
    'aria-controls': open && rows > 0 ? listId : undefined,
    'aria-activedescendant': active < 0 ? undefined : `${listId}-${active}`,
  } as const;
}

function ComboboxToggle({ onToggle }: { readonly onToggle: () => void }) {
  return (
    <button
      type="button"
      tabIndex={-1}
      className="combobox-toggle"
      aria-label="Show the list"
      onMouseDown={(event) => event.preventDefault()}
      onClick={onToggle}
    >
      <Glyph name="chevronDown" size={14} />
    </button>
  );
}

function useOptions(open: boolean, load: LoadOptions): Loaded {
  const [loaded, setLoaded] = useState<Loaded>();
  const latestLoad = useRef(load);
  latestLoad.current = load;
  useEffect(() => {
    if (!open) return;
    let stale = false;
    latestLoad.current().then(
      (options) => stale || setLoaded({ options }),
      (thrown: unknown) => stale || setLoaded({ failure: thrown instanceof Error ? thrown.message : String(thrown) }),
    );
    return () => {
      stale = true;
    };
  }, [open]);
  return loaded;
}

interface VisibleOptions {
  readonly shown: readonly Option[];
  /** How many more match. */
  readonly hidden: number;
}

/** While the text is still the value all options show; once it was changed, those that contain it. */
function visibleOptions(loaded: Loaded, draft: string, value: string): VisibleOptions {
  if (loaded === undefined || 'failure' in loaded) return { shown: [], hidden: 0 };
  const wanted = draft.trim().toLowerCase();
  const matching =
    draft === value ? loaded.options : loaded.options.filter((o) => o.label.toLowerCase().includes(wanted));
  const shown = matching.slice(0, optionsShownMax);
  return { shown, hidden: matching.length - shown.length };
}

function moveActive(at: number, by: number, count: number): number {
  if (count === 0) return -1;
  return (at + by + (at < 0 && by < 0 ? 1 : 0) + count) % count;
}

interface OptionListProps {
  readonly id: string;
  readonly loaded: Loaded;
  readonly options: readonly Option[];
  /** Options that match and are not drawn. */
  readonly hidden: number;
  readonly active: number;
  readonly onPick: (value: string) => void;
  readonly actionLabel: string | undefined;
  readonly onAction: () => void;
  readonly texts: { readonly loadingText: string; readonly emptyText: string };
}

function OptionList(props: OptionListProps) {
  const { id, options, hidden, active, onPick, actionLabel, onAction } = props;
  return (
    <>
      <ListState {...props} />
      {options.length === 0 && actionLabel === undefined ? null : (
        <div role="listbox" id={id} className="option-list">
          {options.map((option, index) => (
            <OptionRow
              key={option.value}
              id={`${id}-${index}`}
              isActive={index === active}
              onPick={() => onPick(option.value)}
            >
              <span>{option.label}</span>
              {option.hint === undefined ? null : <span className="option-hint">{option.hint}</span>}
            </OptionRow>
          ))}
          {actionLabel === undefined ? null : (
            <OptionRow id={`${id}-${options.length}`} isActive={active === options.length} onPick={onAction} isAction>
              <span>{actionLabel}</span>
            </OptionRow>
          )}
        </div>
      )}
      {hidden === 0 ? null : <OptionNote>{hidden} more: type to narrow the list.</OptionNote>}
    </>
  );
}

/** Why there are no options. */
function ListState({ loaded, options, texts }: OptionListProps) {
  if (loaded === undefined) return <OptionNote>{texts.loadingText}</OptionNote>;
  if ('failure' in loaded) return <OptionNote isDanger>{loaded.failure}</OptionNote>;
  return options.length === 0 ? <OptionNote>{texts.emptyText}</OptionNote> : null;
}

interface OptionRowProps {
  readonly id: string;
  readonly isActive: boolean;
  readonly isAction?: boolean;
  readonly onPick: () => void;
  readonly children: ReactNode;
}

function OptionRow({ id, isActive, isAction = false, onPick, children }: OptionRowProps) {
  return (
    <div
      id={id}
      role="option"
      tabIndex={-1}
      ref={isActive ? revealOption : null}
      aria-selected={isActive}
      className={classNames('option', isActive && 'is-active', isAction && 'is-action')}
      onMouseDown={(event) => {
        event.preventDefault();
        onPick();
      }}
    >
      {children}
    </div>
  );
}

/** What the list says of itself; spoken, since the focus stays in the field. */
function OptionNote({ isDanger = false, children }: { readonly isDanger?: boolean; readonly children: ReactNode }) {
  return (
    <p role="status" className={classNames('option-note', isDanger && 'is-danger')}>
      {children}
    </p>
  );
}

/** The active option stays in sight: the list scrolls with the arrow keys. */
function revealOption(element: HTMLElement | null): void {
  element?.scrollIntoView?.({ block: 'nearest' });
}

import { commands } from '../commands/commands.ts';
import { Dialog } from '../kit/dialog.tsx';
import { Kbd } from '../kit/kbd.tsx';

const gestures = [
  ['Connect two activities', 'Drag from the dot'],
  ['Handle an error', 'Drag from the red dot'],
  ['Put an activity into a wire', 'Drop it on the wire'],
  ['Select several', 'Drag on the canvas'],
  ['Move the view', 'Space+Drag'],
  ['Zoom', 'Ctrl+Wheel'],
  ['Walk the activities', 'Tab'],
  ['Walk along the wires', 'Alt+Arrows'],
  ['Move what is selected', 'Arrows'],
] as const;

/** All keys and gestures. */
export function ShortcutHelp({ onClose }: { readonly onClose: () => void }) {
  const listed = commands.filter((command) => command.shortcuts !== undefined && command.title !== 'Move');
  const groups = [...new Set(listed.map((command) => command.group))];
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose} width={760}>
      <div className="shortcut-columns">
        {groups.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            {listed
              .filter((command) => command.group === group)
              .map((command) => (
                <p key={command.id} className="shortcut-row">
                  <span>{command.title.replace('…', '')}</span>
                  <span className="shortcut-keys">
                    {command.shortcuts?.map((keys) => (
                      <Kbd key={keys} keys={keys} />
                    ))}
                  </span>
                </p>
              ))}
          </section>
        ))}
        <section>
          <h3>On the canvas</h3>
          {gestures.map(([title, keys]) => (
            <p key={title} className="shortcut-row">
              <span>{title}</span>
              <Kbd keys={keys} />
            </p>
          ))}
        </section>
      </div>
    </Dialog>
  );
}

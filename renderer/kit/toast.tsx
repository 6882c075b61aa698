import { Button, IconButton } from './button.tsx';
import { Glyph } from './glyph.tsx';

/** A message that floats at the corner. */
export interface ToastMessage {
  readonly id: number;
  readonly tone: 'info' | 'success' | 'warning' | 'danger';
  readonly text: string;
  /** A way out: the label of a button. */
  readonly actions?: readonly { readonly label: string; readonly run: () => void }[];
}

const toneGlyph = { info: 'info', success: 'check', warning: 'warning', danger: 'error' } as const;

/**
 * The messages of the moment. Those without an action that tell of a success or a fact leave by themselves, when their
 * CSS animation ends (no timer, and hovering pauses it); errors and questions stay until they are closed.
 */
export function Toasts({
  messages,
  onClose,
}: {
  readonly messages: readonly ToastMessage[];
  readonly onClose: (id: number) => void;
}) {
  return (
    <div className="toasts" role="status" aria-live="polite">
      {messages.map((message) => {
        const leaves = message.actions === undefined && (message.tone === 'info' || message.tone === 'success');
        return (
          <div
            key={message.id}
            role={message.tone === 'danger' ? 'alert' : undefined}
            className={`toast toast-${message.tone} ${leaves ? 'is-leaving' : ''}`}
            onAnimationEnd={(event) => event.animationName === 'toast-leave' && onClose(message.id)}
          >
            <Glyph name={toneGlyph[message.tone]} />
            <div className="toast-body">
              <p>{message.text}</p>
              {message.actions?.map((action) => (
                <Button
                  key={action.label}
                  onClick={() => {
                    onClose(message.id);
                    action.run();
                  }}
                >
                  {action.label}
                </Button>
              ))}
            </div>
            <IconButton glyph="close" label="Dismiss" tooltipSide="left" onClick={() => onClose(message.id)} />
          </div>
        );
      })}
    </div>
  );
}

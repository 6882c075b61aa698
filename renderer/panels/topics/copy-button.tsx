import { messageOf } from '../../../engine/base/errors.ts';
import { Button } from '../../kit/button.tsx';
import { useStudio } from '../../store/use-studio.ts';

interface CopyButtonProps {
  readonly read: () => Promise<string>;
  readonly label: string;
}

/** Puts a text into the clipboard, and says whether it is there. */
export function CopyButton({ read, label }: CopyButtonProps) {
  const notify = useStudio((state) => state.notify);
  const copy = () => {
    read()
      .then((text) => navigator.clipboard.writeText(text))
      .then(
        () => notify({ tone: 'success', about: 'copy', text: 'Copied.' }),
        (thrown: unknown) => notify({ tone: 'danger', about: 'copy', text: `Not copied: ${messageOf(thrown)}` }),
      );
  };
  return (
    <Button look="quiet" glyph="copy" aria-label={label} title={label} onClick={copy}>
      Copy
    </Button>
  );
}

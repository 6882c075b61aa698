import { messageOf } from '../../../engine/base/errors.ts';
import type { Decoded } from '../../../engine/studio/contract.ts';
import { Button } from '../../kit/button.tsx';
import { useStudio } from '../../store/use-studio.ts';

interface DownloadButtonProps {
  readonly fileName: string;
  readonly format: Decoded['format'];
  /** The value's bytes as base64. */
  readonly read: () => Promise<string>;
}

/** The value's own bytes as a file. */
export function DownloadButton({ fileName, format, read }: DownloadButtonProps) {
  const { notify, files } = useStudio((state) => ({ notify: state.notify, files: state.files }));
  if (format === 'null') return null;
  const download = async () => {
    try {
      await files.save(`${fileName}.${extensions[format] ?? 'bin'}`, await read(), 'Message');
    } catch (thrown) {
      notify({ tone: 'danger', about: 'copy', text: `Not downloaded: ${messageOf(thrown)}` });
    }
  };
  return (
    <Button look="quiet" glyph="save" data-testid="download-value" onClick={() => void download()}>
      Download the value
    </Button>
  );
}

const extensions: Readonly<Partial<Record<Decoded['format'], string>>> = { json: 'json', text: 'txt' };

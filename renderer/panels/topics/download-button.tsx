import { messageOf } from '../../../engine/base/errors.ts';
import type { Decoded } from '../../../engine/studio/contract.ts';
import { Button } from '../../kit/button.tsx';
import { useStudio } from '../../store/use-studio.ts';
import { base64Of, bytesOf } from './byte-views.ts';

interface DownloadButtonProps {
  readonly fileName: string;
  readonly read: () => Promise<Decoded>;
  readonly isOffered: boolean;
}

/** The value's own bytes as a file. */
export function DownloadButton({ fileName, read, isOffered }: DownloadButtonProps) {
  const { notify, files } = useStudio(({ notify, files }) => ({ notify, files }));
  if (!isOffered) return null;
  const download = async () => {
    try {
      const value = await read();
      await files.save(`${fileName}.${extensions[value.format] ?? 'bin'}`, base64Of(bytesOf(value)), 'Message');
    } catch (thrown) {
      notify({ tone: 'danger', text: `Not downloaded: ${messageOf(thrown)}` });
    }
  };
  return (
    <Button look="quiet" glyph="save" data-testid="download-value" onClick={() => void download()}>
      Download the value
    </Button>
  );
}

const extensions: Readonly<Partial<Record<Decoded['format'], string>>> = { json: 'json', text: 'txt' };

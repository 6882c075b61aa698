import { messageOf } from '../../../engine/base/errors.ts';
import type { Decoded } from '../../../engine/studio/contract.ts';
import { handOverFile } from '../../bridge/hand-over-file.ts';
import { Button } from '../../kit/button.tsx';
import { useStudio } from '../../store/use-studio.ts';

interface DownloadButtonProps {
  readonly fileName: string;
  readonly read: () => Promise<Decoded>;
  readonly isOffered: boolean;
}

/** The value's own bytes as a file. */
export function DownloadButton({ fileName, read, isOffered }: DownloadButtonProps) {
  const notify = useStudio((state) => state.notify);
  if (!isOffered) return null;
  const download = async () => {
    try {
      const { format, text } = await read();
      const bytes = format === 'bytes' ? text : toBase64(text);
      await handOverFile(`${fileName}.${extensions[format] ?? 'bin'}`, bytes, 'Message');
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
/** Bytes handed to String.fromCharCode at once. */
const chunkBytes = 32_768;

function toBase64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let binary = '';
  for (let from = 0; from < bytes.length; from += chunkBytes)
    binary += String.fromCharCode(...bytes.subarray(from, from + chunkBytes));
  return btoa(binary);
}

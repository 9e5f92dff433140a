import { useEffect, useEffectEvent, useState } from 'react';
import { Ban, Paperclip } from '../../components/icons.ts';
import { useT } from '../../i18n/locale.tsx';

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

/** Takes files that are dropped anywhere on the conversation; elsewhere a drop would leave the page. */
export function FileDrop({ able, onFiles }: { able: boolean; onFiles: (files: Iterable<File>) => void }) {
  const t = useT();
  const [over, setOver] = useState(false);
  const take = useEffectEvent((files: FileList) => onFiles(files));
  useEffect(() => {
    const pane = () => document.getElementById('composer')?.closest('[data-pane]');
    const inside = (event: DragEvent) =>
      event.target instanceof Node && (pane()?.contains(event.target) ?? false);
    const drag = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(inside(event));
    };
    const leave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      if (inside(event) && event.dataTransfer) take(event.dataTransfer.files);
    };
    document.addEventListener('dragover', drag);
    document.addEventListener('dragleave', leave);
    document.addEventListener('drop', drop);
    return () => {
      document.removeEventListener('dragover', drag);
      document.removeEventListener('dragleave', leave);
      document.removeEventListener('drop', drop);
    };
  }, []);
  if (!over) return null;
  return (
    <div className="pointer-events-none absolute inset-2 z-20 grid place-items-center rounded-xl border-2 border-dashed border-accent bg-accent-soft/95 text-md font-semibold text-accent-ink">
      <span className="inline-flex items-center gap-2">
        {able ? <Paperclip size={20} aria-hidden /> : <Ban size={20} aria-hidden />}
        {able ? t.file.drop : t.file.dropNone}
      </span>
    </div>
  );
}

import { useState } from 'react';
import type { Attachment } from '../../../shared/message.ts';
import { Button } from '../../components/button.tsx';
import { Download, ShieldAlert } from '../../components/icons.ts';
import { useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { urlOf } from './attachment-url.ts';

/** A file that can do harm: why, and the way to it only for who insists. */
export function DangerCard({ attachment, reason }: { attachment: Attachment; reason: string }) {
  const t = useT();
  const reasons: Record<string, string> = t.errors.danger;
  const [insisted, setInsisted] = useState(false);
  return (
    <div className="flex w-72 max-w-full flex-col gap-1.5 rounded-lg border border-danger bg-danger-soft p-2 text-danger-ink">
      <p className="flex items-center gap-2 text-sm font-medium">
        <ShieldAlert size={17} aria-hidden className="shrink-0" />
        <bdi className="ui-start min-w-0 flex-1 truncate">
          {plainName(attachment.name) || t.timeline.file}
        </bdi>
      </p>
      <p className="text-xs">{t.file.dangerous}</p>
      <p className="text-2xs">{reasons[reason] ?? reason}</p>
      {insisted ? (
        <a
          href={urlOf(attachment, 'insisted')}
          download
          className="inline-flex min-h-7 items-center gap-1.5 text-xs font-medium underline underline-offset-4"
        >
          <Download size={14} aria-hidden />
          {t.timeline.download}
        </a>
      ) : (
        <Button size="sm" className="self-start" onPress={() => setInsisted(true)}>
          {t.file.insist}
        </Button>
      )}
    </div>
  );
}

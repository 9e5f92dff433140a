import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Label } from 'react-aria-components/Label';
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import { useLocation, useSearch } from 'wouter';
import { AppError } from '../../../shared/errors.ts';
import { type ImportKind, importKinds, maxImportBytes, maxImportRows } from '../../../shared/import.ts';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { FileDrop } from '../../components/file-drop.tsx';
import { Progress } from '../../components/progress.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { FormError } from '../settings/form.tsx';
import { useOffline } from '../settings/page.tsx';
import { ImportFrame } from './frame.tsx';
import { kindIcons } from './imports.page.tsx';
import { keepImport, useImportEvents } from './queries.ts';

/** What is brought in, and the file of it. */
export default function NewImportPage() {
  const t = useT();
  const w = useCustomerWords().imports;
  const fmt = useFmt();
  const offline = useOffline();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  useImportEvents();
  const [, navigate] = useLocation();
  const asked = new URLSearchParams(useSearch()).get('kind');
  const kind = importKinds.find((each) => each === asked) ?? 'customers';
  const [sending, setSending] = useState<{ name: string; share: number } | null>(null);
  const [wrong, setWrong] = useState<{ text: string; error?: unknown } | null>(null);
  const abort = useRef<AbortController>(null);
  useEffect(() => () => abort.current?.abort(), []);

  const refusal = (files: readonly File[]): string | null => {
    const [file] = files;
    if (!file || files.length > 1) return w.oneFile;
    if (file.size === 0) return w.empty;
    if (file.size > maxImportBytes) return w.tooLarge(fmt.bytes(maxImportBytes));
    return /\.(xlsx?|xlsm|ods)$/i.test(file.name) ? w.workbook : null;
  };
  const said = (error: unknown): string => {
    if (!(error instanceof AppError)) return errorText(t, error);
    if (error.code === 'tooLarge') return w.tooLarge(fmt.bytes(maxImportBytes));
    return error.code === 'invalid' && error.body.fields?.['file'] ? w.notTable : errorText(t, error);
  };
  const send = async (files: readonly File[]) => {
    const no = refusal(files);
    setWrong(no === null ? null : { text: no });
    const [file] = files;
    if (no !== null || !file) return;
    const here = new AbortController();
    abort.current = here;
    setSending({ name: file.name, share: 0 });
    try {
      const made = await calls.uploadImport(kind, file, {
        onProgress: (share) => setSending({ name: file.name, share }),
        signal: here.signal,
      });
      keepImport(client, made);
      navigate(`/customers/imports/${made.id}`, { replace: true });
    } catch (error) {
      setWrong({ text: said(error), error });
      setSending(null);
    }
  };
  const stop = () => {
    abort.current?.abort();
    setSending(null);
  };

  return (
    <ImportFrame at={0}>
      <div className="flex flex-col gap-5">
        <KindCards
          value={kind}
          isDisabled={sending !== null}
          onChange={(next) => navigate(`/customers/imports/new?kind=${next}`, { replace: true })}
        />
        {wrong && <FormError text={wrong.text} error={wrong.error} />}
        {sending ? (
          <div className="rounded-xl border border-line bg-surface p-5 shadow-soft">
            <p className="mb-3 font-medium">{w.uploading(sending.name)}</p>
            <Progress label={w.progress} share={sending.share} said={fmt.percent(sending.share)} />
            <Button className="mt-3" size="sm" onPress={stop}>
              {w.stop}
            </Button>
          </div>
        ) : (
          <FileDrop
            title={w.drop}
            choose={w.choose}
            help={w.limit(fmt.bytes(maxImportBytes), fmt.number(maxImportRows))}
            accept=".csv,.tsv,.txt,text/csv,text/plain"
            isDisabled={offline}
            onFiles={(files) => void send(files)}
          />
        )}
      </div>
    </ImportFrame>
  );
}

interface KindCardsProps {
  value: ImportKind;
  isDisabled: boolean;
  onChange: (kind: ImportKind) => void;
}

function KindCards({ value, isDisabled, onChange }: KindCardsProps) {
  const w = useCustomerWords().imports;
  return (
    <RadioGroup
      value={value}
      isDisabled={isDisabled}
      onChange={(next) => {
        const chosen = importKinds.find((kind) => kind === next);
        if (chosen) onChange(chosen);
      }}
      className="flex flex-col gap-2"
    >
      <Label className="text-md font-bold">{w.what}</Label>
      <div className="grid gap-2 sm:grid-cols-3 sm:gap-3">
        {importKinds.map((kind) => {
          const Icon = kindIcons[kind];
          return (
            <Radio
              key={kind}
              value={kind}
              className={({ isSelected, isFocusVisible }) =>
                cx(
                  'flex cursor-default items-start gap-3 rounded-xl border bg-surface p-4 shadow-soft transition-colors sm:flex-col sm:gap-2',
                  isSelected ? 'border-accent ring-1 ring-accent' : 'border-line hover:border-line-strong',
                  isFocusVisible && 'outline-2 outline-offset-2 outline-focus',
                )
              }
            >
              {({ isSelected }) => (
                <>
                  <span
                    aria-hidden
                    className={cx(
                      'grid size-9 shrink-0 place-items-center rounded-lg',
                      isSelected ? 'bg-accent-soft text-accent-ink' : 'bg-sunken text-ink-muted',
                    )}
                  >
                    <Icon size={18} />
                  </span>
                  <span>
                    <span className="block font-semibold">{w.kind[kind]}</span>
                    <span className="block text-xs text-pretty text-ink-muted">{w.kindText[kind]}</span>
                  </span>
                </>
              )}
            </Radio>
          );
        })}
      </div>
    </RadioGroup>
  );
}

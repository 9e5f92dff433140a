import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Conversation } from '../../../shared/conversation.ts';
import type { MessageTemplate } from '../../../shared/post.ts';
import { renderTemplate, slotsOf } from '../../../shared/text/template.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { ArrowLeft, LayoutTemplate, Search, Send } from '../../components/icons.ts';
import { OptionList, useOptionKeys } from '../../components/options.tsx';
import { Delayed, SkeletonRows } from '../../components/skeleton.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useLocale, useT } from '../../i18n/locale.tsx';
import { useSocialWords } from '../../i18n/social-words.ts';
import { dirOf } from '../../lib/bidi.ts';
import { findIn } from '../../lib/find.ts';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { MessageText, PreviewText } from '../../lib/message-text.tsx';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorIdOf, errorText } from '../error-text.ts';
import { bare, type Route } from './targets.ts';
import { useInboxUi } from './ui.ts';

interface TemplateDialogProps {
  header: Conversation;
  route: Route;
}

/** Writing with what the provider has approved: choose, fill in, see what it comes to, send. */
export default function TemplateDialog({ header, route }: TemplateDialogProps) {
  const t = useT();
  const w = useSocialWords().template;
  const { calls, outbox } = useWorkspace();
  const set = useInboxUi((ui) => ui.set);
  const [chosen, setChosen] = useState<MessageTemplate | null>(null);
  const [values, setValues] = useState<readonly string[]>([]);
  const [tried, setTried] = useState(false);
  const { channelId } = route.target;
  const { data, error, refetch } = useQuery({
    queryKey: ['templates', channelId],
    queryFn: () => calls.templates(channelId),
    staleTime: 5 * 60_000,
  });
  const close = () => {
    set({ templates: false });
    requestAnimationFrame(() => document.getElementById('composer-text')?.focus());
  };
  const choose = (template: MessageTemplate | null) => {
    setChosen(template);
    setValues(Array.from({ length: template?.values ?? 0 }, () => ''));
    setTried(false);
  };
  const send = () => {
    if (!chosen) return;
    setTried(true);
    const missing = values.findIndex((value) => value.trim() === '');
    if (missing >= 0) {
      document.querySelectorAll<HTMLInputElement>('[data-value] input')[missing]?.focus();
      return;
    }
    const given = values.map((value) => value.trim());
    outbox.add({
      conversationId: header.id,
      attachments: [],
      shown: renderTemplate(chosen, given).text,
      create: {
        id: crypto.randomUUID(),
        kind: 'message',
        text: '',
        fileIds: [],
        target: bare(route.target),
        template: { name: chosen.name, language: chosen.language, values: given },
        lastSeenSeq: header.seq,
      },
    });
    close();
  };
  return (
    <Dialog
      isOpen
      onClose={close}
      title={chosen ? w.chosen(chosen.name) : w.title}
      actions={
        chosen && (
          <>
            <Button onPress={close}>{t.common.cancel}</Button>
            <Button variant="primary" icon={<Send size={15} aria-hidden className="mirror" />} onPress={send}>
              {w.send}
            </Button>
          </>
        )
      }
    >
      {chosen ? (
        <Filling
          template={chosen}
          values={values}
          tried={tried}
          onChange={setValues}
          onBack={() => choose(null)}
          onSend={send}
        />
      ) : error && !data ? (
        <ErrorState
          title={w.loadFailed}
          text={errorText(t, error)}
          errorId={errorIdOf(error)}
          onRetry={() => void refetch()}
        />
      ) : !data ? (
        <Delayed>
          <SkeletonRows />
        </Delayed>
      ) : data.length === 0 ? (
        <EmptyState icon={<LayoutTemplate size={24} />} title={w.emptyTitle} text={w.emptyText} />
      ) : (
        <Choosing templates={data} onChoose={choose} />
      )}
    </Dialog>
  );
}

function Choosing(props: {
  templates: readonly MessageTemplate[];
  onChoose: (template: MessageTemplate) => void;
}) {
  const { templates, onChoose } = props;
  const w = useSocialWords().template;
  const { direction } = useLocale();
  const [typed, setTyped] = useState('');
  const found = findIn(templates, typed, ({ name, body, header, category }) => [
    name,
    body,
    header,
    category,
  ]);
  const choose = (at: number) => {
    const template = found[at];
    if (template) onChoose(template);
  };
  const keys = useOptionKeys({ count: found.length, query: typed, onChoose: choose });
  return (
    <div className="-mx-2 flex flex-col">
      <div className="mx-2 flex items-center gap-2.5 rounded-md border border-line-strong bg-surface px-3 focus-within:outline-2 focus-within:outline-focus">
        <Search size={15} aria-hidden className="shrink-0 text-ink-faint" />
        <input
          {...keys.field}
          // biome-ignore lint/a11y/noAutofocus: the dialog was opened to choose in it
          autoFocus
          type="text"
          aria-label={w.search}
          dir={dirOf(typed, direction)}
          placeholder={w.search}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={keys.press}
          className="ui-start h-(--control) min-w-0 flex-1 bg-transparent text-sm outline-none"
        />
      </div>
      <p role="status" className={found.length === 0 ? 'p-4 text-center text-sm text-ink-muted' : 'sr-only'}>
        {found.length === 0 ? w.nothing : ''}
      </p>
      {found.length > 0 && (
        <OptionList
          options={found.map((template) => ({
            id: `${template.name} ${template.language}`,
            label: template.name,
            description: <PreviewText text={template.body} fallback={direction} />,
          }))}
          keys={keys}
          label={w.list}
          onChoose={choose}
          className="mt-1 max-h-[50dvh]"
        />
      )}
    </div>
  );
}

interface FillingProps {
  template: MessageTemplate;
  values: readonly string[];
  tried: boolean;
  onChange: (values: readonly string[]) => void;
  onBack: () => void;
  onSend: () => void;
}

function Filling({ template, values, tried, onChange, onBack, onSend }: FillingProps) {
  const t = useT();
  const w = useSocialWords().template;
  const { direction } = useLocale();
  useHotkey('composer.send', onSend, { scope: 'dialog' });
  const inHeader = slotsOf(template.header);
  const { header, body, footer } = renderTemplate(template, values);
  return (
    <div className="flex flex-col gap-4">
      <IconButton
        label={t.common.back}
        icon={<ArrowLeft size={17} className="mirror" />}
        className="-ms-2 self-start"
        autoFocus={values.length === 0}
        onPress={onBack}
      />
      {values.length > 0 && (
        <div data-value className="flex flex-col gap-3">
          {values.map((value, at) => (
            <TextField
              // biome-ignore lint/suspicious/noArrayIndexKey: a value is its place
              key={at}
              label={at < inHeader ? w.headerValue(at + 1) : w.value(at + 1 - inHeader)}
              value={value}
              autoFocus={at === 0}
              maxLength={1024}
              onChange={(next) => onChange(values.map((each, index) => (index === at ? next : each)))}
              {...(tried && value.trim() === '' && { error: w.missing })}
            />
          ))}
        </div>
      )}
      <section aria-label={w.preview} className="flex flex-col items-end">
        <h3 className="mb-1.5 self-start text-xs font-medium text-ink-muted">{w.preview}</h3>
        <div className="w-full max-w-md rounded-xl rounded-ee-sm border border-bubble-out-line bg-bubble-out px-3 py-2 text-md">
          {header && <MessageText text={header} fallback={direction} className="font-semibold" />}
          <MessageText text={body} fallback={direction} />
          {footer && (
            <MessageText text={footer} fallback={direction} className="mt-1 text-xs text-ink-faint" />
          )}
        </div>
      </section>
    </div>
  );
}

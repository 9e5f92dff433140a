import { useQuery } from '@tanstack/react-query';
import { fillCanned } from '../../../shared/canned.ts';
import type { MessageTemplate, TemplateUse } from '../../../shared/post.ts';
import { renderTemplate, slotsOf } from '../../../shared/text/template.ts';
import { Select } from '../../components/select.tsx';
import { TextArea } from '../../components/text-area.tsx';
import { TextField } from '../../components/text-field.tsx';
import { type AdvocateCatalog, advocateCatalogs, useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { useSocialWords } from '../../i18n/social-words.ts';
import { ltrIso } from '../../i18n/words.ts';

import { useNow } from '../../lib/time.ts';
import { useMe, useWelcome, useWorkspace } from '../../state/hooks.tsx';
import { useCanned, useChannelLook } from '../directory.ts';
import { errorText } from '../error-text.ts';
import { MessagePreview, type PlaceValues } from './message-preview.tsx';
import { useWay } from './queries.ts';

/** What is to be said, while it is written. */
export interface MessageDraft {
  /** Null: nobody touched it, and it is what is usual. */
  text: string | null;
  template: { known: MessageTemplate; values: readonly string[] } | null;
}
export const untouched: MessageDraft = { text: null, template: null };

/** The usual words in the language that the person is written to in; none where only a template can be sent. */
export function useUsual(
  customerId: string,
  enabled: boolean,
): (of: (w: AdvocateCatalog) => string) => string {
  const { language } = useLocale();
  const way = useWay(customerId, enabled);
  const free = enabled && !way.isError && (!way.data || way.data.text !== null);
  return (of) => (free ? of(advocateCatalogs[way.data?.language ?? language]) : '');
}

/** The words that somebody reads, with places still in them. */
export const readAs = (text: string, template: MessageDraft['template']): string =>
  template ? renderTemplate(template.known, template.values).text : text;

/** As it is told to the server. */
export function told(
  text: string,
  template: MessageDraft['template'],
): { text: string; template?: TemplateUse } {
  if (!template) return { text: text.trim() };
  const { known, values } = template;
  const { name, language } = known;
  return { text: '', template: { name, language, values: values.map((value) => value.trim()) } };
}

export const hasGap = (template: MessageDraft['template']) =>
  template?.values.some((value) => value.trim() === '') ?? false;

export interface MessageFieldsProps {
  customerId: string;
  label: string;
  help: string;
  /** Names of the places that may stand in it. */
  places: readonly string[];
  /** As it stands now. */
  text: string;
  draft: MessageDraft;
  onChange: (draft: MessageDraft) => void;
  values: PlaceValues;
  error?: string | undefined;
}

const free = 'free';
const idOf = ({ name, language }: Pick<MessageTemplate, 'name' | 'language'>) => `${name} ${language}`;

/** Words of one's own, with the organisation's canned replies at hand, or a template; below, how it will read and where. */
export function MessageFields(props: MessageFieldsProps) {
  const { customerId, label, help, places, text, draft, onChange, values, error } = props;
  const t = useT();
  const w = useAdvocateWords();
  const s = useSocialWords().template;
  const fmt = useFmt();
  const { calls } = useWorkspace();
  const way = useWay(customerId);
  const { template } = draft;
  const place = way.data?.template ?? null;
  const templates = useQuery({
    queryKey: ['templates', place?.channelId],
    queryFn: () => calls.templates(place?.channelId ?? ''),
    staleTime: 5 * 60_000,
    enabled: place !== null,
  });
  const choose = (id: string) => {
    const known = templates.data?.find((each) => idOf(each) === id);
    onChange({
      ...draft,
      template: known ? { known, values: Array.from({ length: known.values }, () => '') } : null,
    });
  };
  const needsTemplate = Boolean(way.data && !way.data.text);
  return (
    <>
      {place && (
        <Select
          label={w.reward.sendAs}
          help={needsTemplate ? w.reward.onlyTemplate : undefined}
          error={templates.isError ? errorText(t, templates.error) : undefined}
          value={template ? idOf(template.known) : needsTemplate ? null : free}
          onChange={choose}
          options={[
            ...(needsTemplate ? [] : [{ id: free, label: w.reward.ownWords }]),
            ...(templates.data ?? []).map((each) => ({
              id: idOf(each),
              label: s.chosen(each.name),
              description: each.body,
            })),
          ]}
        />
      )}
      {template ? (
        <Values
          template={template}
          help={w.reward.templateHelp(fmt.list(places.map((name) => ltrIso(`{${name}}`))))}
          error={error}
          onChange={(next) => onChange({ ...draft, template: { ...template, values: next } })}
        />
      ) : (
        <>
          <TextArea
            label={label}
            help={help}
            value={text}
            onChange={(next) => onChange({ ...draft, text: next })}
            error={error}
            rows={3}
            maxLength={2000}
          />
          <Canned
            customerId={customerId}
            channelId={way.data?.text?.channelId}
            onChoose={(next) => onChange({ ...draft, text: next })}
          />
        </>
      )}
      <MessagePreview
        customerId={customerId}
        text={readAs(text, template)}
        byTemplate={template !== null}
        values={values}
      />
    </>
  );
}

function Values(props: {
  template: NonNullable<MessageDraft['template']>;
  help: string;
  error: string | undefined;
  onChange: (values: readonly string[]) => void;
}) {
  const { template, help, error, onChange } = props;
  const s = useSocialWords().template;
  const { known, values } = template;
  const inHeader = slotsOf(known.header);
  return (
    <>
      {values.map((value, at) => (
        <TextField
          // biome-ignore lint/suspicious/noArrayIndexKey: a value is its place
          key={at}
          label={at < inHeader ? s.headerValue(at + 1) : s.value(at + 1 - inHeader)}
          help={at === 0 ? help : undefined}
          value={value}
          maxLength={1024}
          error={error && (value.trim() === '' || !hasGap(template)) ? error : undefined}
          onChange={(next) => onChange(values.map((each, index) => (index === at ? next : each)))}
        />
      ))}
    </>
  );
}

/** A canned reply in place of the words; the person's name is a place, as in all that is written here. */
function Canned(props: {
  customerId: string;
  channelId: string | undefined;
  onChoose: (text: string) => void;
}) {
  const { customerId, channelId, onChoose } = props;
  const w = useAdvocateWords();
  const fmt = useFmt();
  const now = useNow();
  const me = useMe();
  const organisation = useWelcome()?.organisation;
  const { calls } = useWorkspace();
  const look = useChannelLook();
  const canned = useCanned();
  if (canned.length === 0) return null;
  return (
    <Select
      label={w.reward.canned}
      value={null}
      onChange={(id) => {
        const reply = canned.find((each) => each.id === id);
        if (!reply) return;
        const { text } = fillCanned(reply.text, {
          'customer.name': '{name}',
          'customer.cid': customerId,
          'agent.name': me.name,
          ...(organisation && { 'organisation.name': organisation }),
          ...(channelId && { 'conversation.channel': look(channelId).name }),
          today: fmt.date(now, now),
        });
        onChoose(text.slice(0, 2000));
        // Only the order of the next list hangs on it.
        void calls.usedCanned(reply.id).catch(() => undefined);
      }}
      options={canned.map((reply) => ({
        id: reply.id,
        label: reply.title,
        description: reply.folder.join(' / '),
      }))}
    />
  );
}

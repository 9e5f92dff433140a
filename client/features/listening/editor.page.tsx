import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { may } from '../../../shared/access.ts';
import { AppError } from '../../../shared/errors.ts';
import {
  type SavedSearch,
  type SavedSearchCreate,
  type SearchKind,
  searchKinds,
} from '../../../shared/listening.ts';
import { Chip } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Checkbox } from '../../components/checkbox.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ArrowLeft, Bookmark } from '../../components/icons.ts';
import { RadioGroup } from '../../components/radio-group.tsx';
import { Select } from '../../components/select.tsx';
import { Switch } from '../../components/switch.tsx';
import { TextField } from '../../components/text-field.tsx';
import { showToast } from '../../components/toast.tsx';
import { TokenField } from '../../components/token-field.tsx';
import { useListeningWords } from '../../i18n/listening-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useMe, useStore, useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { Form, FormError } from '../settings/form.tsx';
import { Card, Loaded, useOffline } from '../settings/page.tsx';
import { LinkButton } from '../shell/link-button.tsx';
import { keepIn } from '../teams/queries.ts';
import { addressOf } from './address.ts';
import { ListeningArea } from './area.tsx';
import { Preview } from './preview.tsx';
import { useSearches } from './queries.ts';

/** So many things taught away before anything is learnt of them. */
const examplesNeeded = 5;
const mostTerms = 50;
const mostExcluded = 100;
const mostAuthors = 200;

const wordy = (text: string) => text.length <= 100 && /[\p{L}\p{N}]/u.test(text);

/** One saved search: being made or changed. */
export default function EditorPage({ id }: { id: string }) {
  const w = useListeningWords().searches;
  const me = useMe();
  const searches = useSearches();
  const name = new URLSearchParams(useSearch()).get('name')?.trim().slice(0, 80) ?? '';
  const manages = may(me, 'listening.manage');
  if (manages && id === 'new') return <Editor suggested={name} />;
  const search = searches.data?.find((each) => each.id === id);
  if (manages && search) return <Editor search={search} />;
  return (
    <ListeningArea part="searches">
      <Loaded query={searches} failed={w.loadFailed}>
        {() => (
          <EmptyState
            className="flex-1"
            icon={<Bookmark size={24} />}
            title={w.notFoundTitle}
            action={<LinkButton href="/listening/searches">{w.toSearches}</LinkButton>}
          />
        )}
      </Loaded>
    </ListeningArea>
  );
}

const begun = (name: string): SavedSearchCreate => ({
  name,
  kind: 'brand',
  terms: name ? [name] : [],
  exclude: [],
  excludeAuthors: [],
  channelIds: 'all',
  alert: true,
});

function formOf(search: SavedSearch): SavedSearchCreate {
  const { name, kind, terms, exclude, excludeAuthors, channelIds, alert } = search;
  return { name, kind, terms, exclude, excludeAuthors, channelIds, alert };
}

function Editor({ search, suggested = '' }: { search?: SavedSearch; suggested?: string }) {
  const t = useT();
  const words = useListeningWords();
  const w = words.editor;
  const offline = useOffline();
  const formId = useId();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const [form, setForm] = useState(() => (search ? formOf(search) : begun(suggested)));
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(0);
  const set = (part: Partial<SavedSearchCreate>) => setForm((before) => ({ ...before, ...part }));
  const save = useMutation({
    mutationFn: (body: SavedSearchCreate) =>
      search ? calls.updateSearch(search.id, body) : calls.createSearch(body),
    onSuccess: (saved) => {
      keepIn(client, 'searches', saved);
      showToast({
        text: words.searches.saved(plainName(saved.name)),
        tone: 'ok',
        ...(search && {
          undo: () =>
            void calls
              .updateSearch(search.id, formOf(search))
              .then((back) => keepIn(client, 'searches', back)),
        }),
      });
      navigate(search ? '/listening/searches' : addressOf('/listening', { search: saved.id }));
    },
  });
  const taken = save.error instanceof AppError && save.error.reason === 'duplicateName';
  const noChannels = form.channelIds !== 'all' && form.channelIds.length === 0;
  const submit = () => {
    setTried((before) => before + 1);
    if (form.name.trim() && form.terms.length > 0 && !noChannels && !save.isPending && !offline)
      save.mutate({ ...form, name: form.name.trim() });
  };
  const title = search ? plainName(search.name) : w.createTitle;
  const tokens = {
    allows: wordy,
    removeLabel: w.removeTerm,
    wrong: w.wrongTerm,
  };
  return (
    <ListeningArea
      part="searches"
      name={title}
      title={<bdi>{title}</bdi>}
      actions={
        <>
          <LinkButton href="/listening/searches">{t.common.cancel}</LinkButton>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            isPending={save.isPending}
            isDisabled={offline}
          >
            {t.common.save}
          </Button>
        </>
      }
    >
      <Link
        href="/listening/searches"
        className="-ms-1 -mt-2 mb-3 inline-flex min-h-6 w-fit items-center gap-1 rounded-md px-1 text-xs font-medium text-ink-muted hover:text-ink"
      >
        <ArrowLeft size={14} aria-hidden className="mirror" />
        {words.searches.toSearches}
      </Link>
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <Form
          id={formId}
          onSubmit={submit}
          issues={tried || save.error}
          className="flex min-w-0 flex-col gap-4"
        >
          {save.error && !taken && <FormError text={errorText(t, save.error)} error={save.error} />}
          <Card>
            <div className="flex flex-col gap-4">
              <div className="grid gap-4 sm:grid-cols-[1fr_12rem]">
                <TextField
                  label={w.name}
                  value={form.name}
                  onChange={(name) => {
                    set({ name });
                    if (taken) save.reset();
                  }}
                  maxLength={80}
                  autoComplete="off"
                  autoFocus={!search && !suggested}
                  help={form.kind === 'product' ? w.productHelp : undefined}
                  error={
                    tried > 0 && !form.name.trim()
                      ? w.needsName
                      : taken
                        ? t.errors.reason.duplicateName
                        : undefined
                  }
                />
                <Select<SearchKind>
                  label={w.kind}
                  options={searchKinds.map((id) => ({ id, label: words.kind[id] }))}
                  value={form.kind}
                  onChange={(kind) => {
                    set({ kind });
                    if (taken) save.reset();
                  }}
                />
              </div>
              <TokenField
                {...tokens}
                label={w.terms}
                help={w.termsHelp}
                value={form.terms}
                onChange={(terms) => set({ terms })}
                onType={setTyped}
                limit={mostTerms}
                tooMany={w.tooMany(mostTerms)}
                autoFocus={suggested !== ''}
                error={tried > 0 && form.terms.length === 0 ? w.needsTerms : undefined}
              />
              <TokenField
                {...tokens}
                optional
                label={w.exclude}
                help={w.excludeHelp}
                value={form.exclude}
                onChange={(exclude) => set({ exclude })}
                limit={mostExcluded}
                tooMany={w.tooMany(mostExcluded)}
              />
              <TokenField
                {...tokens}
                optional
                label={w.excludeAuthors}
                help={w.excludeAuthorsHelp}
                value={form.excludeAuthors}
                onChange={(excludeAuthors) => set({ excludeAuthors })}
                limit={mostAuthors}
                tooMany={w.tooMany(mostAuthors)}
              />
            </div>
          </Card>
          <Card>
            <Where
              value={form.channelIds}
              onChange={(channelIds) => set({ channelIds })}
              error={tried > 0 && noChannels ? w.needsChannels : undefined}
            />
          </Card>
          <Card>
            <Switch isSelected={form.alert} onChange={(alert) => set({ alert })} help={w.alertHelp}>
              {w.alert}
            </Switch>
          </Card>
          {search && <Learnt search={search} />}
        </Form>
        <Preview form={form} typed={wordy(typed) ? typed : ''} className="lg:sticky lg:top-4" />
      </div>
    </ListeningArea>
  );
}

function Where(props: {
  value: SavedSearchCreate['channelIds'];
  onChange: (value: SavedSearchCreate['channelIds']) => void;
  error: string | undefined;
}) {
  const { value, onChange, error } = props;
  const w = useListeningWords().editor;
  const channels = useStore((state) => state.channels);
  const chosen = value === 'all' ? [] : value;
  return (
    <div className="flex flex-col gap-2">
      <RadioGroup
        label={w.channels}
        value={value === 'all' ? 'all' : 'some'}
        onChange={(id) => onChange(id === 'all' ? 'all' : [])}
        options={[
          { id: 'all', label: w.allChannels },
          { id: 'some', label: w.someChannels },
        ]}
        error={error}
      />
      {value !== 'all' && (
        <fieldset aria-label={w.someChannels} className="grid gap-1 ps-6 sm:grid-cols-2">
          {[...channels.values()]
            .filter(({ id, state }) => state !== 'archived' || chosen.includes(id))
            .map(({ id, name }) => (
              <Checkbox
                key={id}
                isSelected={chosen.includes(id)}
                onChange={(on) => onChange(on ? [...chosen, id] : chosen.filter((each) => each !== id))}
              >
                <bdi>{plainName(name)}</bdi>
              </Checkbox>
            ))}
        </fieldset>
      )}
    </div>
  );
}

/** What people taught away, and what was learnt of it. */
function Learnt({ search }: { search: SavedSearch }): ReactNode {
  const words = useListeningWords();
  const w = words.editor;
  const { taught, learnt, id } = search;
  return (
    <Card title={w.learnt} text={learnt.length > 0 ? w.learntText : w.learntNone(examplesNeeded)}>
      {learnt.length > 0 && (
        <ul className="mb-3 flex flex-wrap gap-1.5">
          {learnt.map((word) => (
            <li key={word}>
              <Chip tone="warn">
                <bdi>{word}</bdi>
              </Chip>
            </li>
          ))}
        </ul>
      )}
      <p className="flex flex-wrap items-center gap-x-3 text-sm text-ink-muted">
        {words.searches.taught(taught)}
        {taught > 0 && (
          <Link
            href={addressOf('/listening', { search: id, state: 'notUs' })}
            className="min-h-6 font-medium text-accent-ink underline underline-offset-3"
          >
            {w.seeTaught}
          </Link>
        )}
      </p>
    </Card>
  );
}

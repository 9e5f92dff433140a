import { useState } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import type { Manifest } from '../../../shared/connector.ts';
import { normalise } from '../../../shared/text/normalise.ts';
import { Chip } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { ChannelGlyph } from '../../components/channel-glyph.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ChevronRight, Search } from '../../components/icons.ts';
import { SearchField } from '../../components/text-field.tsx';
import { showToast } from '../../components/toast.tsx';
import { useLocale, useT } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { Card, Loaded } from '../settings/page.tsx';
import { ChannelForm } from './channel.form.tsx';
import { useChannels, useConnectors, useCreateChannel } from './queries.ts';
import { WizardFrame } from './wizard.frame.tsx';
import { rememberStep, rememberTyped, typedBefore, unfinishedStep } from './wizard-progress.ts';

/** The first two steps, before there is a channel: which kind, then what it needs (`/channels/new?connector=…`). */
export function NewChannel() {
  const t = useT();
  const w = useWords();
  const { language } = useLocale();
  const connectors = useConnectors();
  const [search, setSearch] = useSearchParams();
  const chosen = connectors.data?.find((manifest) => manifest.id === search.get('connector'));
  return (
    <WizardFrame
      step={chosen ? 'connect' : 'choose'}
      title={chosen ? t.channels.connect(chosen.name[language]) : w.wizard.title}
      hrefs={{ choose: '/channels/new' }}
    >
      <Loaded query={connectors} failed={t.channels.loadFailed}>
        {(list) =>
          chosen ? (
            <Connect key={chosen.id} manifest={chosen} onOther={() => setSearch({})} />
          ) : (
            <Choice list={list} onChoose={(connector) => setSearch({ connector })} />
          )
        }
      </Loaded>
    </WizardFrame>
  );
}

function Choice({ list, onChoose }: { list: Manifest[]; onChoose: (id: string) => void }) {
  const w = useWords();
  const { language } = useLocale();
  const channels = useChannels();
  const [query, setQuery] = useState('');
  const wanted = normalise(query);
  const found = list.filter(({ id, name, description }) =>
    normalise([id, ...Object.values(name), ...Object.values(description)].join(' ')).includes(wanted),
  );
  const count = (connector: string) =>
    (channels.data ?? []).filter((each) => each.connector === connector && each.state !== 'archived').length;
  return (
    <>
      <p className="mb-4 max-w-prose text-pretty text-ink-muted">{w.wizard.chooseText}</p>
      <Unfinished />
      {list.length > 3 && (
        <SearchField
          label={w.wizard.search}
          placeholder={w.wizard.search}
          value={query}
          onChange={setQuery}
          onSubmit={() => found[0] && onChoose(found[0].id)}
          className="mb-4 max-w-sm"
        />
      )}
      {found.length === 0 ? (
        <EmptyState
          className="flex-1"
          icon={<Search size={24} />}
          title={w.wizard.noneFound(query.trim())}
          text={w.wizard.noneFoundText}
        />
      ) : (
        <ul className="grid gap-3 sm:grid-cols-2">
          {found.map((manifest) => (
            <li key={manifest.id}>
              <button
                type="button"
                onClick={() => onChoose(manifest.id)}
                className="flex h-full w-full items-center gap-3 rounded-xl border border-line bg-surface p-4 text-start shadow-soft transition-colors hover:border-line-strong hover:bg-raised"
              >
                <ChannelGlyph glyph={manifest.glyph} size={38} />
                <span className="min-w-0 flex-1">
                  <span className="flex flex-wrap items-center gap-2 text-md font-bold">
                    {manifest.name[language]}
                    {count(manifest.id) > 0 && <Chip>{w.wizard.connected(count(manifest.id))}</Chip>}
                  </span>
                  <span className="block text-xs text-pretty text-ink-muted">
                    {manifest.description[language]}
                  </span>
                </span>
                <ChevronRight size={16} aria-hidden className="mirror shrink-0 text-ink-faint" />
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Channels whose steps were left in the middle in this browser. */
function Unfinished() {
  const w = useWords();
  const channels = useChannels();
  const left = (channels.data ?? []).filter(({ id, state }) => state !== 'archived' && unfinishedStep(id));
  return left.map(({ id, name }) => (
    <p
      key={id}
      className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md bg-info-soft px-3 py-2 text-sm text-info-ink"
    >
      <span className="flex-1">
        <bdi className="font-semibold">{name}</bdi>: {w.wizard.unfinished}
      </span>
      <Link
        href={`/channels/${id}/setup?step=${unfinishedStep(id)}`}
        className="font-medium underline underline-offset-4"
      >
        {w.wizard.resume}
      </Link>
    </p>
  ));
}

function Connect({ manifest, onOther }: { manifest: Manifest; onOther: () => void }) {
  const t = useT();
  const w = useWords();
  const { language } = useLocale();
  const create = useCreateChannel();
  const [, navigate] = useLocation();
  const [typed] = useState(() => typedBefore(manifest.id));
  return (
    <Card
      title={manifest.name[language]}
      text={manifest.description[language]}
      aside={<ChannelGlyph glyph={manifest.glyph} size={34} />}
      className="max-w-2xl"
    >
      {typed && (
        <p className="mb-4 rounded-md bg-info-soft px-3 py-2 text-xs text-info-ink">{w.wizard.keptText}</p>
      )}
      <ChannelForm
        manifest={manifest}
        suggestedName={manifest.name[language]}
        typed={typed}
        onTyped={(form) => rememberTyped(manifest.id, form)}
        submitLabel={w.wizard.connect}
        busy={create.isPending}
        error={create.error}
        onSubmit={(form) =>
          create.mutate(
            { connector: manifest.id, ...form },
            {
              onSuccess: (channel) => {
                rememberTyped(manifest.id, null);
                rememberStep(channel.id, 'test');
                showToast({ text: t.channels.created(channel.name), tone: 'ok', stays: 4_000 });
                // Back leads to the channel that now is, not to a form that would make another one.
                navigate(`/channels/${channel.id}/setup?step=connect`, { replace: true });
                navigate(`/channels/${channel.id}/setup?step=test`);
              },
            },
          )
        }
      >
        <Button variant="quiet" onPress={onOther}>
          {t.channels.chooseOther}
        </Button>
      </ChannelForm>
    </Card>
  );
}

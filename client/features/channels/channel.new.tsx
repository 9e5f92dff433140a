import { useLocation, useSearchParams } from 'wouter';
import type { Manifest } from '../../../shared/connector.ts';
import { Button } from '../../components/button.tsx';
import { ChannelGlyph } from '../../components/channel-glyph.tsx';
import { ChevronRight } from '../../components/icons.ts';
import { showToast } from '../../components/toast.tsx';
import { useLocale, useT } from '../../i18n/locale.tsx';
import { Card, Loaded, SettingsPage } from '../settings/page.tsx';
import { ChannelForm } from './channel.form.tsx';
import { useConnectors, useCreateChannel } from './queries.ts';

/** Which kind, then what it needs: `/channels/new?connector=…`. */
export function NewChannel() {
  const t = useT();
  const { language } = useLocale();
  const connectors = useConnectors();
  const [search, setSearch] = useSearchParams();
  const chosen = connectors.data?.find((manifest) => manifest.id === search.get('connector'));
  return (
    <SettingsPage
      title={chosen ? t.channels.connect(chosen.name[language]) : t.channels.choose}
      back={{ href: '/channels', label: t.channels.back }}
    >
      <Loaded query={connectors} failed={t.channels.loadFailed}>
        {(list) =>
          chosen ? (
            <Connect manifest={chosen} onOther={() => setSearch({})} />
          ) : (
            <Choice list={list} onChoose={(connector) => setSearch({ connector })} />
          )
        }
      </Loaded>
    </SettingsPage>
  );
}

function Choice({ list, onChoose }: { list: Manifest[]; onChoose: (id: string) => void }) {
  const { language } = useLocale();
  return (
    <ul className="grid gap-3 sm:grid-cols-2">
      {list.map((manifest) => (
        <li key={manifest.id}>
          <button
            type="button"
            onClick={() => onChoose(manifest.id)}
            className="flex h-full w-full items-center gap-3 rounded-xl border border-line bg-surface p-4 text-start shadow-soft transition-colors hover:border-line-strong hover:bg-raised"
          >
            <ChannelGlyph glyph={manifest.glyph} size={38} />
            <span className="min-w-0 flex-1">
              <span className="block text-md font-bold">{manifest.name[language]}</span>
              <span className="block text-xs text-pretty text-ink-muted">
                {manifest.description[language]}
              </span>
            </span>
            <ChevronRight size={16} aria-hidden className="mirror shrink-0 text-ink-faint" />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Connect({ manifest, onOther }: { manifest: Manifest; onOther: () => void }) {
  const t = useT();
  const { language } = useLocale();
  const create = useCreateChannel();
  const [, navigate] = useLocation();
  return (
    <Card
      title={manifest.name[language]}
      text={manifest.description[language]}
      aside={<ChannelGlyph glyph={manifest.glyph} size={34} />}
      className="max-w-xl"
    >
      <ChannelForm
        manifest={manifest}
        suggestedName={manifest.name[language]}
        submitLabel={t.channels.connectButton}
        busy={create.isPending}
        error={create.error}
        onSubmit={(form) =>
          create.mutate(
            { connector: manifest.id, ...form },
            {
              onSuccess: (channel) => {
                showToast({ text: t.channels.created(channel.name), tone: 'ok' });
                navigate(`/channels/${channel.id}`);
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

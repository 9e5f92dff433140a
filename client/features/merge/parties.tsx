import type { MergePreview, MergeWarning } from '../../../shared/merge.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Chip } from '../../components/badge.tsx';
import { IconButton } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { ArrowLeftRight, AtSign, MessagesSquare, Play, TriangleAlert } from '../../components/icons.ts';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useNow } from '../../lib/time.ts';
import { PersonName } from '../inbox/person-name.tsx';

type Party = MergePreview['survivor'];
const contacts = 4;

/** Both people side by side: the one whose record stays at the beginning of the line. */
export function Parties({ preview, onTurn }: { preview: MergePreview; onTurn: () => void }) {
  const w = useCustomerWords();
  return (
    <div className="relative grid grid-cols-2 gap-3">
      <PartyCard party={preview.survivor} stays />
      <PartyCard party={preview.other} stays={false} />
      <span className="absolute inset-x-0 top-7 mx-auto flex size-8 items-center justify-center">
        <IconButton
          size="sm"
          variant="secondary"
          label={w.merge.swap}
          icon={<ArrowLeftRight size={14} />}
          className="rounded-full"
          onPress={onTurn}
        />
      </span>
    </div>
  );
}

function PartyCard({ party, stays }: { party: Party; stays: boolean }) {
  const t = useT();
  const w = useCustomerWords();
  const fmt = useFmt();
  const now = useNow();
  return (
    <section
      aria-label={stays ? w.merge.stays : w.merge.joins}
      className={cx(
        'flex min-w-0 flex-col gap-2 rounded-xl border p-3',
        stays ? 'border-accent bg-surface' : 'border-dashed border-line-strong bg-sunken',
      )}
    >
      <Chip tone={stays ? 'accent' : 'neutral'} className={cx('self-start', !stays && 'bg-surface')}>
        {stays ? w.merge.stays : w.merge.joins}
      </Chip>
      <div className="flex min-w-0 items-center gap-2.5">
        <Avatar name={party.name} seed={party.id} size="md" />
        <div className="min-w-0">
          <PersonName name={party.name} className="font-semibold whitespace-normal wrap-anywhere" />
          <p className="truncate text-2xs text-ink-muted">
            <code className="ltr font-mono">{party.id}</code>
          </p>
        </div>
      </div>
      <ul className="flex flex-col gap-0.5 text-xs text-ink-muted">
        {party.identities.slice(0, contacts).map(({ id, kind, display }) => (
          <li key={id} className="flex min-w-0 items-baseline gap-1.5">
            <span className="shrink-0 text-2xs text-ink-faint">{w.identityKind[kind]}</span>
            <bdi dir="ltr" className="min-w-0 truncate text-ink">
              {plainName(display)}
            </bdi>
          </li>
        ))}
        {party.identities.length > contacts && (
          <li className="text-2xs">{w.merge.moreContacts(party.identities.length - contacts)}</li>
        )}
        {party.identities.length === 0 && <li>{w.merge.noContacts}</li>}
      </ul>
      <p className="mt-auto flex flex-wrap gap-x-2 text-2xs text-ink-muted">
        <span>{w.merge.conversations(party.conversations)}</span>
        <span>{t.customer.since(fmt.date(party.createdAt, now))}</span>
      </p>
    </section>
  );
}

/** What a careful person would look at; that both conversations become one is told where they are. */
export function Warnings({ warnings }: { warnings: readonly MergeWarning[] }) {
  const w = useCustomerWords();
  const grave = warnings.filter((warning) => warning !== 'bothActive');
  if (grave.length === 0) return null;
  return (
    <div role="note" className="flex gap-2.5 rounded-lg bg-warn-soft px-3 py-2.5 text-sm text-warn-ink">
      <TriangleAlert size={17} aria-hidden className="mt-0.5 shrink-0" />
      <div>
        <p className="font-semibold">{w.merge.careful}</p>
        <ul>
          {grave.map((warning) => (
            <li key={warning}>{w.merge.warning[warning]}</li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** What comes along, and where an open conversation goes on. */
export function Comes({ preview }: { preview: MergePreview }) {
  const w = useCustomerWords();
  const { survivor, other, active } = preview;
  const whose = (id: string | null) =>
    plainName(([survivor, other].find((party) => party.activeId === id) ?? survivor).name);
  const lines = [
    {
      icon: AtSign,
      text: other.identities.length > 0 && w.merge.identities(other.identities.length, plainName(other.name)),
    },
    {
      icon: MessagesSquare,
      text:
        other.conversations > 0 && w.merge.comingConversations(other.conversations, plainName(other.name)),
    },
    {
      icon: Play,
      text:
        active.staysId !== null &&
        (active.endsId === null
          ? w.merge.activeStays(whose(active.staysId))
          : w.merge.activeJoins(whose(active.staysId), whose(active.endsId))),
    },
  ].filter(({ text }) => text);
  if (lines.length === 0) return null;
  return (
    <section>
      <h3 className="mb-1.5 text-xs font-semibold text-ink-muted">{w.merge.comes}</h3>
      <ul className="flex flex-col gap-1 text-sm">
        {lines.map(({ icon: Icon, text }) => (
          <li key={String(text)} className="flex items-start gap-2">
            <Icon size={15} aria-hidden className="mirror mt-0.5 shrink-0 text-ink-faint" />
            <span>{text}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

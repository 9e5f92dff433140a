import { Suspense, useState } from 'react';
import { useLocation } from 'wouter';
import type { IdentityKind } from '../../../shared/customer.ts';
import { AppError } from '../../../shared/errors.ts';
import type { FoundCustomer } from '../../api/calls.ts';
import { afterClosing } from '../../components/after-closing.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { ChannelGlyph } from '../../components/channel-glyph.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ArrowLeft, User } from '../../components/icons.ts';
import { Select } from '../../components/select.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useT } from '../../i18n/locale.tsx';
import { later } from '../../lib/later.ts';
import { useStore } from '../../state/hooks.tsx';
import { dataOf } from '../../state/outbox.ts';
import { useChannelLook } from '../directory.ts';
import { errorText } from '../error-text.ts';
import { ActiveBanner } from './active-banner.tsx';
import { FindCustomer } from './find-customer.tsx';
import { PersonName } from './person-name.tsx';
import { useBegin } from './use-begin.ts';

const ChoosePoint = later(() =>
  import('../customers/choose-point.tsx').then((all) => ({ default: all.ChoosePoint })),
);

/** Search: opens the customer's conversation; of somebody nobody has spoken with, their page. */
export function SearchDialog(props: {
  isOpen: boolean;
  onClose: () => void;
  onOpen: (conversationId: string) => void;
}) {
  const { isOpen, onClose, onOpen } = props;
  const t = useT();
  const [, navigate] = useLocation();
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t.views.searchLabel}>
      <FindCustomer
        label={t.views.searchLabel}
        onChoose={({ id, conversationId }: FoundCustomer) => {
          onClose();
          if (conversationId) onOpen(conversationId);
          else navigate(`/customers/${id}`);
        }}
      />
    </Dialog>
  );
}

/** How such an address looks; codes are the same in every language. */
const examples: Partial<Record<IdentityKind, string>> = {
  mobile: '0912 123 4567',
  emailAddress: 'name@example.com',
};

/** Writing first, to a new address, on a channel that can. */
export function BeginDialog(props: {
  isOpen: boolean;
  onClose: () => void;
  onOpen: (conversationId: string) => void;
}) {
  const { isOpen, onClose, onOpen } = props;
  const t = useT();
  const begun = useBegin();
  const channels = useStore((state) => state.channels);
  const look = useChannelLook();
  const able = [...channels.values()]
    .filter(({ state }) => state === 'connected')
    .map(({ id }) => look(id))
    .filter(({ manifest }) => manifest?.capabilities.canStart === 'anyone');
  const [channelId, setChannelId] = useState<string | null>(null);
  const [address, setAddress] = useState('');
  /** Somebody we know is written to: whoever was found, once one is. */
  const [known, setKnown] = useState<{ found: FoundCustomer | null } | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const chosen = channelId ?? able[0]?.channel?.id ?? null;
  // What can be written to is said by the channel's manifest: a mobile, an address of mail.
  const kinds = (look(chosen).manifest?.capabilities.kinds ?? []).filter(
    (kind): kind is IdentityKind => kind in t.customer.kind,
  );
  const [kind] = kinds;
  const refused = error instanceof AppError ? error : null;
  const active = refused?.reason === 'anotherActive' ? dataOf(refused, 'conversationId') : undefined;
  const said = (field: 'channelId' | 'address') =>
    refused?.body.fields?.[field] === undefined
      ? undefined
      : field === 'address'
        ? ((kind && t.begin.wrong[kind]) ?? t.fields.format)
        : t.fields.choose;
  const unsaid = error && !active && !said('channelId') && !said('address');
  const goTo = (id: string) => {
    onClose();
    afterClosing(() => onOpen(id));
  };
  const begin = async () => {
    if (!chosen || !address.trim()) return;
    setBusy(true);
    setError(null);
    try {
      const id = await begun({ channelId: chosen, address: address.trim() });
      setAddress('');
      goTo(id);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  if (known)
    return (
      <Dialog isOpen={isOpen} onClose={onClose} size="sm" title={t.inbox.newConversation}>
        <Button
          size="sm"
          variant="quiet"
          className="mb-2"
          icon={<ArrowLeft size={14} aria-hidden className="mirror" />}
          onPress={() => setKnown(known.found && { found: null })}
        >
          {known.found ? t.begin.known : t.begin.toAddress}
        </Button>
        {known.found ? (
          <Suspense fallback={null}>
            <PersonName name={known.found.name} className="mb-2 font-medium" />
            <ChoosePoint customerId={known.found.id} onClose={onClose} onOpen={goTo} />
          </Suspense>
        ) : (
          <FindCustomer label={t.begin.known} onChoose={(found) => setKnown({ found })} />
        )}
      </Dialog>
    );
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      size="sm"
      title={t.inbox.newConversation}
      actions={
        <>
          <Button onPress={onClose}>{t.common.cancel}</Button>
          <Button
            variant="primary"
            isPending={busy}
            isDisabled={!chosen || !address.trim()}
            onPress={() => void begin()}
          >
            {t.inbox.newConversation}
          </Button>
        </>
      }
    >
      <form
        noValidate
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void begin();
        }}
      >
        {able.length === 0 && <Banner tone="info">{t.composer.noTarget}</Banner>}
        <Select
          label={t.begin.channel}
          value={chosen}
          onChange={(next) => {
            setChannelId(next);
            setError(null);
          }}
          error={said('channelId')}
          options={able.map(({ channel, name, glyph }) => ({
            id: channel?.id ?? '',
            label: name,
            icon: <ChannelGlyph glyph={glyph} size={18} />,
          }))}
        />
        <TextField
          label={
            kinds.length > 0 ? kinds.map((each) => t.customer.kind[each]).join(t.begin.or) : t.begin.address
          }
          help={kind && t.begin.help[kind]}
          ltr
          inputMode={
            kind === 'mobile' || kind === 'phone' ? 'tel' : kind === 'emailAddress' ? 'email' : 'text'
          }
          placeholder={kind && examples[kind]}
          value={address}
          onChange={(next) => {
            setAddress(next);
            setError(null);
          }}
          autoFocus
          error={said('address') ?? (unsaid ? errorText(t, error) : undefined)}
        />
        {active && <ActiveBanner onOpen={() => goTo(active)} />}
        <Button
          size="sm"
          variant="quiet"
          className="self-start"
          icon={<User size={14} aria-hidden />}
          onPress={() => setKnown({ found: null })}
        >
          {t.begin.known}
        </Button>
      </form>
    </Dialog>
  );
}

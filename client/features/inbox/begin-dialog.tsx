import { useState } from 'react';
import type { IdentityKind } from '../../../shared/customer.ts';
import { AppError } from '../../../shared/errors.ts';
import type { FoundCustomer } from '../../api/calls.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { ChannelGlyph } from '../../components/channel-glyph.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Select } from '../../components/select.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useStore, useWorkspace } from '../../state/hooks.tsx';
import { dataOf } from '../../state/outbox.ts';
import { useChannelLook } from '../directory.ts';
import { errorText } from '../error-text.ts';
import { FindCustomer } from './find-customer.tsx';

/** Search: opens the customer's conversation. */
export function SearchDialog(props: {
  isOpen: boolean;
  onClose: () => void;
  onOpen: (conversationId: string) => void;
}) {
  const { isOpen, onClose, onOpen } = props;
  const t = useT();
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t.views.searchLabel}>
      <FindCustomer
        label={t.views.searchLabel}
        onChoose={({ conversationId }: FoundCustomer) => {
          if (!conversationId) return;
          onClose();
          onOpen(conversationId);
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
  const { calls, store } = useWorkspace();
  const channels = useStore((state) => state.channels);
  const look = useChannelLook();
  const able = [...channels.values()]
    .filter(({ state }) => state === 'connected')
    .map(({ id }) => look(id))
    .filter(({ manifest }) => manifest?.capabilities.canStart === 'anyone');
  const [channelId, setChannelId] = useState<string | null>(null);
  const [address, setAddress] = useState('');
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
  const begin = async () => {
    if (!chosen || !address.trim()) return;
    setBusy(true);
    setError(null);
    try {
      const { header, customer } = await calls.begin({ channelId: chosen, address: address.trim() });
      store.apply({ type: 'header', header, customer });
      setAddress('');
      onClose();
      onOpen(header.id);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
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
        {active && (
          <Banner
            tone="info"
            live
            action={
              <Button
                size="sm"
                onPress={() => {
                  onClose();
                  onOpen(active);
                }}
              >
                {t.inbox.openActive}
              </Button>
            }
          >
            {t.begin.active}
          </Banner>
        )}
      </form>
    </Dialog>
  );
}

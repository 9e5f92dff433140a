import { useId, useState } from 'react';
import type { Message } from '../../../shared/message.ts';
import { type ChannelKind, channelKinds } from '../../../shared/profile.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Select } from '../../components/select.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { useChange, usePutConsent } from '../customers/change.ts';
import { Form } from '../settings/form.tsx';

/** Letters of what is kept: longer ones are shortened by who keeps them. */
const most = 500;

type What = 'concern' | 'like' | 'granted' | 'withdrawn';

export interface KeepDialogProps {
  customerId: string;
  message: Message;
  onClose: () => void;
}

/** What a message says of its sender, kept in their record with the message it is of. */
export function KeepDialog({ customerId, message, onClose }: KeepDialogProps) {
  const t = useT();
  const w = useCustomerWords();
  const form = useId();
  const change = useChange(customerId);
  const putConsent = usePutConsent(customerId);
  const [what, setWhat] = useState<What>('concern');
  const [text, setText] = useState(() => message.text.replace(/\s+/g, ' ').trim().slice(0, most));
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const channel = kindOf(message);
  const kinds: What[] = channel ? ['concern', 'like', 'granted', 'withdrawn'] : ['concern', 'like'];
  const save = async () => {
    if (busy || !text.trim()) return;
    setBusy(true);
    try {
      const said = { text: text.trim(), messageId: message.id };
      if (what === 'concern') await change({ concerns: { add: [said], remove: [] } });
      else if (what === 'like') await change({ likes: { add: [said], remove: [] } });
      else if (channel)
        await putConsent(channel, {
          state: what,
          source: 'message',
          evidence: said.text,
          messageId: message.id,
        });
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={w.keep.title}
      actions={
        <>
          <Button variant="quiet" onPress={onClose}>
            {t.common.cancel}
          </Button>
          <Button variant="primary" type="submit" form={form} isPending={busy} isDisabled={!text.trim()}>
            {w.keep.save}
          </Button>
        </>
      }
    >
      <Form id={form} onSubmit={() => void save()} issues={error} className="flex flex-col gap-3.5">
        <Select
          label={w.keep.what}
          value={what}
          onChange={setWhat}
          options={kinds.map((id) => ({ id, label: w.keep.kinds[id] }))}
          help={
            channel && (what === 'granted' || what === 'withdrawn')
              ? w.keep.ofChannel(w.identityKind[channel])
              : undefined
          }
        />
        <TextField label={w.keep.words} value={text} onChange={setText} maxLength={most} autoFocus />
      </Form>
    </Dialog>
  );
}

/** The kind of channel it came from, as far as somebody can agree to be written to there. */
function kindOf({ identityId }: Message): ChannelKind | undefined {
  const kind = identityId?.slice(0, identityId.indexOf(':'));
  return channelKinds.find((each) => each === kind);
}

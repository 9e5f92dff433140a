import { useState } from 'react';
import { Button, IconButton } from '../components/button.tsx';
import { DateTimePicker } from '../components/date-time-picker.tsx';
import { Dialog, Drawer } from '../components/dialog.tsx';
import { AlarmClock, Ellipsis, Trash2 } from '../components/icons.ts';
import { Menu } from '../components/menu.tsx';
import { Popover } from '../components/popover.tsx';
import { PaneSplitter } from '../components/split-pane.tsx';
import { showToast } from '../components/toast.tsx';
import { useT } from '../i18n/locale.tsx';
import { Section } from './section.tsx';

const nothing = () => {};

export function Overlays() {
  const t = useT();
  const [open, setOpen] = useState<'dialog' | 'alert' | 'drawer' | null>(null);
  const [until, setUntil] = useState(Date.parse('2026-11-23T05:30:00Z'));
  const [width, setWidth] = useState(240);
  const close = () => setOpen(null);
  return (
    <Section title={t.common.more}>
      <div className="flex flex-wrap gap-2">
        <Menu
          label={t.timeline.messageMenu}
          trigger={<Button data-open="menu">{t.composer.sendMenu}</Button>}
          items={[
            {
              id: 'snooze',
              title: t.snooze.title,
              entries: [
                { id: 'hour', label: t.snooze.hour, icon: <AlarmClock size={15} />, onAction: nothing },
                {
                  id: 'tomorrow',
                  label: t.snooze.tomorrow,
                  checked: true,
                  hotkey: 'conversation.snooze',
                  onAction: nothing,
                },
                { id: 'saturday', label: t.snooze.saturday, description: t.snooze.until, onAction: nothing },
              ],
            },
            {
              id: 'rest',
              entries: [
                { id: 'copy', label: t.timeline.copyText, disabled: true, onAction: nothing },
                {
                  id: 'discard',
                  label: t.composer.discardDraft,
                  icon: <Trash2 size={15} />,
                  danger: true,
                  onAction: nothing,
                },
              ],
            },
          ]}
        />
        <Menu
          label={t.common.more}
          trigger={<IconButton label={t.common.more} icon={<Ellipsis size={17} />} />}
          items={[{ id: 'a', label: t.resolve.markUnread, hotkey: 'conversation.unread', onAction: nothing }]}
        />
        <Button data-open="dialog" onPress={() => setOpen('dialog')}>
          {t.snooze.title}
        </Button>
        <Button data-open="alert" onPress={() => setOpen('alert')}>
          {t.collision.title}
        </Button>
        <Button data-open="drawer" onPress={() => setOpen('drawer')}>
          {t.customer.title}
        </Button>
        <Popover label={t.composer.target} trigger={<Button data-open="popover">{t.composer.target}</Button>}>
          <p className="mb-2">{t.composer.noTarget}</p>
          <Button size="sm">{t.common.retry}</Button>
        </Popover>
        <Button
          data-open="toast"
          onPress={() => {
            showToast({ text: t.resolve.done, tone: 'ok', undo: nothing });
            showToast({ text: t.errors.sendFailed, tone: 'error' });
          }}
        >
          {t.resolve.button}
        </Button>
      </div>

      <div
        className="grid h-20 rounded-lg border border-line"
        style={{ gridTemplateColumns: `${width}px auto 1fr` }}
      >
        <div className="p-3">{t.inbox.list}</div>
        <PaneSplitter value={width} min={120} max={400} onChange={setWidth} />
        <div className="p-3">{t.inbox.timeline}</div>
      </div>

      <Dialog
        isOpen={open === 'dialog'}
        onClose={close}
        title={t.snooze.title}
        actions={
          <>
            <Button onPress={close}>{t.common.cancel}</Button>
            <Button variant="primary" onPress={close}>
              {t.snooze.button}
            </Button>
          </>
        }
      >
        <DateTimePicker label={t.snooze.until} value={until} onChange={setUntil} />
      </Dialog>
      <Dialog
        isOpen={open === 'alert'}
        onClose={close}
        alert
        title={t.collision.title}
        actions={
          <>
            <Button onPress={close}>{t.collision.edit}</Button>
            <Button variant="primary" onPress={close}>
              {t.collision.sendAnyway}
            </Button>
          </>
        }
      >
        <p>{t.collision.text('Sara')}</p>
      </Dialog>
      <Drawer isOpen={open === 'drawer'} onClose={close} title={t.customer.title}>
        <p>{t.customer.noIdentities}</p>
      </Drawer>
    </Section>
  );
}

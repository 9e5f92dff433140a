import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { DateTimePicker } from '../../components/date-time-picker.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { useLocale, useT } from '../../i18n/locale.tsx';
import { clockTime } from '../../lib/time.ts';

/** Any day and time, in the person's own calendar. */
export function PickSnooze(props: {
  isOpen: boolean;
  onClose: () => void;
  onPick: (until: number) => Promise<boolean>;
}) {
  const { isOpen, onClose, onPick } = props;
  const t = useT();
  const { timeZone } = useLocale();
  const [at, setAt] = useState(() => clockTime({ from: Date.now(), timeZone, days: 1, hour: 9 }));
  const past = isOpen && at <= Date.now();
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      size="sm"
      title={t.snooze.title}
      actions={
        <>
          <Button onPress={onClose}>{t.common.cancel}</Button>
          <Button
            variant="primary"
            isDisabled={past}
            onPress={() => {
              onClose();
              void onPick(at);
            }}
          >
            {t.snooze.button}
          </Button>
        </>
      }
    >
      <DateTimePicker
        label={t.snooze.until}
        value={at}
        onChange={setAt}
        min={Date.now()}
        error={past ? t.snooze.past : undefined}
      />
    </Dialog>
  );
}

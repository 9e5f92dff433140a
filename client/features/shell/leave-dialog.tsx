import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { useT } from '../../i18n/locale.tsx';

/** Before signing out with messages that have not left: they stay on this browser, and the person should know. */
export function LeaveDialog(props: { queued: number; onClose: () => void; onLeave: () => void }) {
  const { queued, onClose, onLeave } = props;
  const t = useT();
  return (
    <Dialog
      isOpen
      onClose={onClose}
      alert
      size="sm"
      title={t.signIn.unsavedTitle}
      actions={
        <>
          <Button onPress={onClose}>{t.common.cancel}</Button>
          <Button variant="danger" onPress={onLeave}>
            {t.signIn.signOutAnyway}
          </Button>
        </>
      }
    >
      {t.signIn.unsaved(queued)}
    </Dialog>
  );
}

import { afterClosing } from '../../components/after-closing.ts';
import { Dialog } from '../../components/dialog.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { ChoosePoint, type ChoosePointProps } from './choose-point.tsx';

/** A new message to one customer, on the contact point that somebody chooses. */
export default function WriteDialog(props: ChoosePointProps & { name: string }) {
  const { name, onClose, onOpen, ...choosing } = props;
  const t = useT();
  const w = useCustomerWords();
  return (
    <Dialog isOpen onClose={onClose} size="sm" title={w.writing.title(plainName(name) || t.customer.unnamed)}>
      <ChoosePoint
        {...choosing}
        onClose={onClose}
        onOpen={(id) => {
          onClose();
          afterClosing(() => onOpen(id));
        }}
      />
    </Dialog>
  );
}

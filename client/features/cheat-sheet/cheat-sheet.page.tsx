import { useT } from '../../i18n/locale.tsx';

export interface CheatSheetProps {
  isOpen: boolean;
  onClose: () => void;
}

export default function CheatSheet({ isOpen }: CheatSheetProps) {
  const t = useT();
  return isOpen ? <h1>{t.cheatSheet.title}</h1> : null;
}

import { useT } from '../../i18n/locale.tsx';

export default function SetUpPage() {
  const t = useT();
  return <h1>{t.firstRun.title}</h1>;
}

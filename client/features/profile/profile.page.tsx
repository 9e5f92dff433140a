import { useT } from '../../i18n/locale.tsx';

export default function ProfilePage() {
  const t = useT();
  return <h1>{t.profile.title}</h1>;
}

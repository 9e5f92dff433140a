import { useT } from '../../i18n/locale.tsx';

export default function UsersPage() {
  const t = useT();
  return <h1>{t.users.title}</h1>;
}

import { useT } from '../../i18n/locale.tsx';

export function SignInPage() {
  const t = useT();
  return <h1>{t.signIn.title}</h1>;
}

export function ReLogin() {
  const t = useT();
  return <h1>{t.signIn.againTitle}</h1>;
}

export default SignInPage;

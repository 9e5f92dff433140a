import { Component, type ReactNode } from 'react';
import { useT } from '../i18n/locale.tsx';
import { ErrorState } from './error-state.tsx';

/** What could not be drawn is said in place of an empty page; loading it anew helps when the program changed meanwhile. */
export class Boundary extends Component<
  { children: ReactNode /** Of a part: what is said in its place. */; instead?: ReactNode },
  { failed: boolean }
> {
  static getDerivedStateFromError = (): { failed: boolean } => ({ failed: true });
  override state = { failed: false };

  override render(): ReactNode {
    return this.state.failed ? (this.props.instead ?? <Failed />) : this.props.children;
  }
}

function Failed() {
  const t = useT();
  return (
    <main className="h-dvh">
      <h1 className="sr-only">{t.app.name}</h1>
      <ErrorState title={t.errors.pageTitle} text={t.errors.pageText} onRetry={() => location.reload()} />
    </main>
  );
}

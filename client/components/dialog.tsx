import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Dialog as AriaDialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useT } from '../i18n/locale.tsx';
import { useHotkeyScope } from '../lib/hotkeys.react.tsx';
import { IconButton } from './button.tsx';
import { cx } from './cx.ts';
import { X } from './icons.ts';

export interface DialogProps {
  isOpen: boolean;
  onClose: () => void;
  title: ReactNode;
  children: ReactNode;
  /** The buttons at the end of the reading line; the main one last. */
  actions?: ReactNode;
  size?: 'sm' | 'md' | 'lg';
  /** Interrupts: needs an answer, a press beside it does not close. */
  alert?: boolean;
}

const widths = { sm: 'max-w-sm', md: 'max-w-lg', lg: 'max-w-3xl' };
const overlay = 'fade-in fixed inset-0 z-30 bg-scrim';

/** In the middle, over the page; focus goes in and comes back to what opened it. */
export function Dialog({
  isOpen,
  onClose,
  title,
  children,
  actions,
  size = 'md',
  alert = false,
}: DialogProps) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable={!alert}
      className={cx(overlay, 'flex items-start justify-center overflow-y-auto p-4 sm:items-center')}
    >
      <Modal
        className={cx('rise-in w-full rounded-xl border border-line bg-raised shadow-float', widths[size])}
      >
        <AriaDialog
          role={alert ? 'alertdialog' : 'dialog'}
          className="flex max-h-[calc(100dvh-2rem)] flex-col outline-none"
        >
          <Inside title={title} onClose={onClose} actions={actions}>
            {children}
          </Inside>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

export interface DrawerProps extends Omit<DialogProps, 'size' | 'alert'> {
  side?: 'start' | 'end';
  /** For what is read, not glanced at. */
  wide?: boolean;
}

/** Along one edge, full height: the customer's panel on a narrow screen. */
export function Drawer(props: DrawerProps) {
  const { isOpen, onClose, title, children, actions, side = 'end', wide = false } = props;
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable
      className={cx(overlay, 'flex', side === 'end' && 'justify-end')}
    >
      <Modal
        className={cx(
          'slide-in h-dvh bg-surface shadow-float',
          wide ? 'w-[min(34rem,100vw)]' : 'w-[min(22rem,100vw)]',
          side === 'end' ? 'border-s border-line' : 'border-e border-line',
        )}
      >
        <AriaDialog className="flex h-full flex-col outline-none">
          <Inside title={title} onClose={onClose} actions={actions}>
            {children}
          </Inside>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

function Inside({ title, onClose, actions, children }: Omit<DialogProps, 'isOpen' | 'size' | 'alert'>) {
  const t = useT();
  useHotkeyScope('dialog');
  const body = useRef<HTMLDivElement>(null);
  const [bare, setBare] = useState(false);
  useEffect(() => {
    const element = body.current;
    if (!element) return;
    const look = () =>
      setBare(
        element.scrollHeight > element.clientHeight &&
          !element.querySelector('a[href], button, input, select, textarea, [tabindex]'),
      );
    const watch = new ResizeObserver(look);
    watch.observe(element);
    for (const child of element.children) watch.observe(child);
    return () => watch.disconnect();
  }, []);
  return (
    <>
      <header className="flex items-center gap-2 ps-5 pe-3 pt-3 pb-1">
        <Heading slot="title" className="min-w-0 flex-1 text-lg font-bold wrap-anywhere">
          {title}
        </Heading>
        <IconButton label={t.kit.closeDialog} icon={<X size={18} />} onPress={onClose} />
      </header>
      {/* What scrolls and holds nothing to press is reached by the keyboard itself. */}
      <div
        ref={body}
        {...(bare && { tabIndex: 0 })}
        className="min-h-0 flex-1 overflow-y-auto px-5 pt-1 pb-5 focus-visible:outline-offset-[-2px]"
      >
        {children}
      </div>
      {actions && (
        <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{actions}</footer>
      )}
    </>
  );
}

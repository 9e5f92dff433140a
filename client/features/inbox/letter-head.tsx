import { useState } from 'react';
import type { Letter, Message } from '../../../shared/message.ts';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import {
  ChevronDown,
  Forward,
  ShieldAlert,
  ShieldCheck,
  ShieldQuestion,
  ShieldX,
} from '../../components/icons.ts';
import { Tooltip } from '../../components/tooltip.tsx';
import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { dirOf, plainName } from '../../lib/bidi.ts';
import { useChannelLook } from '../directory.ts';

const checks = {
  pass: { Icon: ShieldCheck, tone: 'text-ok-ink' },
  none: { Icon: ShieldQuestion, tone: 'text-ink-faint' },
  unknown: { Icon: ShieldQuestion, tone: 'text-ink-faint' },
  fail: { Icon: ShieldX, tone: 'bg-danger-soft text-danger-ink' },
};

/** What stands over the text of a letter: what it is about, who sent it and how far that is proven, who else has it. */
export function LetterHead({ message, letter }: { message: Message; letter: Letter }) {
  const t = useT();
  const fmt = useFmt();
  const look = useChannelLook();
  const { direction } = useLocale();
  const [open, setOpen] = useState(false);
  const { subject, from, to, cc, bcc, check, forward } = letter;
  const others = to.length + cc.length + bcc.length;
  const also = message.alsoChannelIds.map((id) => look(id).name).filter(Boolean);
  return (
    <div className="mb-1.5 border-b border-ink/10 pb-1.5">
      <p dir={dirOf(subject, direction)} className="ui-start text-sm font-bold wrap-anywhere">
        {subject || <span className="font-normal text-ink-faint">{t.letter.noSubject}</span>}
      </p>
      <div className="flex flex-wrap items-center gap-x-2 text-2xs text-ink-muted">
        {forward && (
          <span className="inline-flex items-center gap-1 font-medium">
            <Forward size={12} aria-hidden className="mirror" />
            {t.letter.forwarded}
          </span>
        )}
        <bdi dir="ltr" className="min-w-0 truncate">
          {from.address}
        </bdi>
        {check && <Check check={check} />}
        {others > 0 && (
          <button
            type="button"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            className="inline-flex min-h-6 items-center gap-0.5 rounded-sm px-1 hover:bg-hover hover:text-ink"
          >
            {t.letter.details}
            <ChevronDown size={12} aria-hidden className={open ? 'rotate-180' : ''} />
          </button>
        )}
      </div>
      {open && (
        <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-2 gap-y-0.5 text-2xs text-ink-muted">
          <People label={t.letter.from} people={[from]} />
          <People label={t.letter.to} people={to} />
          <People label={t.letter.cc} people={cc} />
          <People label={t.letter.bcc} people={bcc} />
        </dl>
      )}
      {also.length > 0 && <p className="text-2xs text-ink-faint">{t.letter.also(fmt.list(also))}</p>}
    </div>
  );
}

function Check({ check }: { check: NonNullable<Letter['check']> }) {
  const t = useT();
  const { Icon, tone } = checks[check];
  return (
    <Tooltip text={t.letter.checkText[check]}>
      <Button
        size="sm"
        variant="quiet"
        className={cx('min-h-6 gap-1 px-1 text-2xs', tone)}
        icon={check === 'fail' ? <ShieldAlert size={12} aria-hidden /> : <Icon size={12} aria-hidden />}
      >
        {t.letter.check[check]}
      </Button>
    </Tooltip>
  );
}

function People({ label, people }: { label: string; people: readonly { name: string; address: string }[] }) {
  if (people.length === 0) return null;
  return (
    <>
      <dt className="text-ink-faint">{label}</dt>
      <dd className="flex min-w-0 flex-wrap gap-x-2">
        {people.map(({ name, address }) => (
          <span key={address} className="min-w-0 wrap-anywhere">
            {name && <bdi className="me-1 text-ink">{plainName(name)}</bdi>}
            <bdi dir="ltr">{address}</bdi>
          </span>
        ))}
      </dd>
    </>
  );
}

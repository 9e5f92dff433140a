import { useQueryClient } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import type { AdvocateDetail, Testimonial } from '../../../shared/advocate.ts';
import { Chip, type Tone } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { dirOf } from '../../lib/bidi.ts';
import { later } from '../../lib/later.ts';
import { useNow } from '../../lib/time.ts';
import { useUsers } from '../directory.ts';
import { CopyButton } from '../settings/form.tsx';
import { useMayMove } from './queries.ts';

const Answer = later(() => import('./answer.dialog.tsx'));

/** What this person allowed to be quoted, or was asked for. */
export function PersonTestimonials({ detail }: { detail: AdvocateDetail }) {
  const w = useAdvocateWords();
  if (detail.testimonials.length === 0)
    return (
      <div className="py-3 text-sm">
        <p>{w.testimonial.none}</p>
        <p className="text-ink-muted">{w.testimonial.noneText}</p>
      </div>
    );
  return (
    <ul className="divide-y divide-line">
      {detail.testimonials.map((each) => (
        <li key={each.id} className="py-3 first:pt-0">
          <TestimonialLine testimonial={each} />
        </li>
      ))}
    </ul>
  );
}

const tones: Record<Testimonial['state'], Tone> = {
  asked: 'info',
  given: 'ok',
  refused: 'danger',
  withdrawn: 'warn',
};

/** One quote: whether it may be published, how we know, and what can be written down of it. */
export function TestimonialLine({ testimonial }: { testimonial: Testimonial }) {
  const t = useT();
  const w = useAdvocateWords();
  const fmt = useFmt();
  const now = useNow();
  const users = useUsers();
  const writes = useMayMove();
  const client = useQueryClient();
  const { direction } = useLocale();
  const [answering, setAnswering] = useState<'answer' | 'withdraw' | null>(null);
  const { quote, state, askedAt, answeredAt, answeredBy, reason, byUserId } = testimonial;
  const kept = () => {
    for (const key of ['advocates', 'testimonials']) void client.invalidateQueries({ queryKey: [key] });
  };
  return (
    <>
      <blockquote className="border-s-3 border-line-strong ps-3 text-sm">
        <p dir={dirOf(quote, direction)} className="ui-start wrap-anywhere">
          {quote}
        </p>
      </blockquote>
      <div className="mt-1.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-2xs text-ink-muted">
        <Chip tone={tones[state]}>{w.testimonial.state[state]}</Chip>
        <time dateTime={askedAt} title={fmt.both(askedAt)}>
          {w.testimonial.askedAt(fmt.date(askedAt, now))}
        </time>
        {answeredAt && (
          <time dateTime={answeredAt} title={fmt.both(answeredAt)}>
            {w.testimonial.answeredAt(fmt.date(answeredAt, now))}
          </time>
        )}
        {answeredBy === 'link' && <span>{w.testimonial.byLink}</span>}
        {answeredBy === 'agent' && (
          <span>{w.testimonial.byAgent(users.get(byUserId)?.name ?? t.common.unknown)}</span>
        )}
        {state === 'given' && <CopyButton text={quote} label={w.testimonial.copy} />}
      </div>
      {reason && (
        <p dir="auto" className="ui-start text-2xs text-ink-muted">
          {reason}
        </p>
      )}
      {writes && (
        <div className="-ms-2 mt-0.5 flex gap-1">
          {state === 'given' ? (
            <Button size="sm" variant="quiet" onPress={() => setAnswering('withdraw')}>
              {w.testimonial.withdraw}
            </Button>
          ) : (
            <Button size="sm" variant="quiet" onPress={() => setAnswering('answer')}>
              {w.testimonial.record}
            </Button>
          )}
        </div>
      )}
      <Suspense>
        {answering && (
          <Answer
            testimonial={testimonial}
            withdraws={answering === 'withdraw'}
            onKept={kept}
            onClose={() => setAnswering(null)}
          />
        )}
      </Suspense>
    </>
  );
}

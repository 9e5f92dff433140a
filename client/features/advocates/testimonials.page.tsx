import { useQuery } from '@tanstack/react-query';
import { Link, useLocation, useSearch } from 'wouter';
import type { Testimonial } from '../../../shared/advocate.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Quote } from '../../components/icons.ts';
import { Segmented } from '../../components/radio-group.tsx';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { PersonName } from '../inbox/person-name.tsx';
import { Loaded } from '../settings/page.tsx';
import { LinkButton } from '../shell/link-button.tsx';
import { AdvocatesArea } from './area.tsx';
import { TestimonialLine } from './testimonials.tsx';

const states = ['given', 'asked', 'refused', 'withdrawn'] as const satisfies Testimonial['state'][];

/** Whose words may be published, and who has not answered yet. */
export default function TestimonialsPage() {
  const w = useAdvocateWords();
  const { calls } = useWorkspace();
  const [, navigate] = useLocation();
  const asked = new URLSearchParams(useSearch()).get('state');
  const state = states.find((each) => each === asked) ?? null;
  const query = useQuery({ queryKey: ['testimonials'], queryFn: () => calls.testimonials() });
  const some = (query.data?.length ?? 0) > 0;
  return (
    <AdvocatesArea
      part="testimonials"
      text={w.testimonial.text2}
      actions={
        some && (
          <Segmented
            bare
            label={w.testimonial.filter}
            value={state ?? 'any'}
            onChange={(id) =>
              navigate(id === 'any' ? '/advocates/testimonials' : `/advocates/testimonials?state=${id}`, {
                replace: true,
              })
            }
            options={[
              { id: 'any', label: w.testimonial.any },
              ...states.slice(0, 3).map((id) => ({ id, label: w.testimonial.state[id] })),
            ]}
          />
        )
      }
    >
      <Loaded query={query} failed={w.testimonial.loadFailed}>
        {(all) => {
          const shown = all.filter((each) => state === null || each.state === state);
          return shown.length === 0 ? (
            <EmptyState
              className="flex-1"
              icon={<Quote size={24} />}
              title={all.length === 0 ? w.testimonial.emptyTitle : w.board.filteredTitle}
              text={all.length === 0 ? w.testimonial.emptyText : w.board.filteredText}
              action={all.length === 0 && <LinkButton href="/advocates">{w.testimonial.toBoard}</LinkButton>}
            />
          ) : (
            <ul aria-label={w.testimonial.list} className="grid gap-3 lg:grid-cols-2">
              {shown.map((each) => (
                <li key={each.id} className="rounded-xl border border-line bg-surface p-4 shadow-soft">
                  <Link
                    href={`/advocates?who=${each.customerId}`}
                    className="mb-2 inline-flex min-h-6 max-w-full items-center text-sm font-semibold text-accent-ink hover:underline"
                  >
                    <PersonName name={each.customerName} />
                  </Link>
                  <TestimonialLine testimonial={each} />
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </AdvocatesArea>
  );
}

import { Link } from 'wouter';
import { may } from '../../../shared/access.ts';
import { type QualityProblem, qualityProblems } from '../../../shared/quality.ts';
import { Button } from '../../components/button.tsx';
import { CircleAlert, CircleCheck } from '../../components/icons.ts';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useMe } from '../../state/hooks.tsx';
import { Completeness } from '../customers/completeness.tsx';
import { PanelCard } from '../customers/panels/card.tsx';
import type { PanelProps } from '../customers/panels/panels.tsx';
import { useOffline } from '../settings/page.tsx';
import { useCompletenessName } from './field-name.ts';
import { agesOut, useMending } from './mend.ts';

/** How complete the record is, what is not known yet, and what is wrong in it. */
export function QualityPanel({ customer }: PanelProps) {
  const w = useCustomerWords();
  const name = useCompletenessName();
  const { facts } = customer;
  if (!facts) return null;
  const { score, missing } = facts.completeness;
  const problems = qualityProblems.filter((problem) => facts.problems.includes(problem));
  return (
    <PanelCard title={w.panels.names.quality} aside={<Completeness score={score} />}>
      {missing.length === 0 ? (
        <p className="text-xs text-ink-muted">{w.quality.complete}</p>
      ) : (
        <p className="flex flex-wrap items-baseline gap-x-1.5 gap-y-1 text-xs">
          <span className="text-ink-muted">{w.quality.lacks}</span>
          {missing.map((field) => (
            <span key={field} className="rounded-sm bg-sunken px-1.5 py-px wrap-anywhere">
              {name(field)}
            </span>
          ))}
        </p>
      )}
      <ul className="mt-2.5 flex flex-col gap-2">
        {problems.length === 0 ? (
          <li className="flex items-center gap-2 text-xs text-ink-muted">
            <CircleCheck size={14} aria-hidden className="text-ok-ink" />
            {w.quality.noProblem}
          </li>
        ) : (
          problems.map((problem) => <Problem key={problem} problem={problem} customer={customer} />)
        )}
      </ul>
    </PanelCard>
  );
}

interface ProblemProps extends PanelProps {
  problem: QualityProblem;
}

function Problem({ problem, customer }: ProblemProps) {
  const w = useCustomerWords();
  const me = useMe();
  const offline = useOffline();
  const { ignore } = useMending();
  const row = { customerId: customer.id, name: customer.name, notes: [] };
  return (
    <li className="flex items-start gap-2 text-sm">
      <CircleAlert size={15} aria-hidden className="mt-1 shrink-0 text-warn-ink" />
      <div className="min-w-0 flex-1">
        <Link
          href={`/customers/quality?problem=${problem}`}
          className="font-medium underline-offset-4 hover:underline"
        >
          {w.quality.problem[problem]}
        </Link>
        <p className="text-xs text-pretty text-ink-muted">{w.quality.about[problem]}</p>
      </div>
      {may(me, 'customer.write') && (
        <Button size="sm" variant="quiet" isDisabled={offline} onPress={() => void ignore(row, problem)}>
          {agesOut.has(problem) ? w.quality.still : w.quality.ignore}
        </Button>
      )}
    </li>
  );
}

import { CircleCheck, TriangleAlert } from '../../components/icons.ts';
import { TextArea } from '../../components/text-area.tsx';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useFmt } from '../../i18n/locale.tsx';
import { mostCodes, type ReadCodes } from './codes.ts';

export interface CodesFieldProps {
  text: string;
  onChange: (text: string) => void;
  read: ReadCodes;
  error?: string | undefined;
}

const shown = 5;

/** A field for many codes, with what is wrong of them by line. */
export function CodesField({ text, onChange, read, error }: CodesFieldProps) {
  const w = useAdvocateWords();
  const { codes, issues } = read;
  return (
    <div>
      <TextArea
        label={w.coupons.codes}
        help={w.coupons.codesHelp}
        error={error}
        value={text}
        onChange={onChange}
        rows={5}
        maxHeight="30dvh"
      />
      <div role="status" className="mt-1.5 flex flex-col gap-0.5 text-xs">
        {codes.length > mostCodes ? (
          <p className="text-danger-ink">{w.coupons.tooMany(mostCodes)}</p>
        ) : (
          codes.length > 0 && (
            <p className="flex items-center gap-1 text-ok-ink">
              <CircleCheck size={13} aria-hidden />
              {w.coupons.found(codes.length)}
            </p>
          )
        )}
        {issues.length > 0 && (
          <ul className="mt-1 rounded-md bg-warn-soft px-2.5 py-1.5 text-warn-ink">
            {issues.slice(0, shown).map((issue) => (
              <Issue key={`${issue.line} ${issue.code} ${issue.why}`} issue={issue} />
            ))}
            {issues.length > shown && <li>{w.coupons.more(issues.length - shown)}</li>}
          </ul>
        )}
      </div>
    </div>
  );
}

function Issue({ issue }: { issue: ReadCodes['issues'][number] }) {
  const w = useAdvocateWords();
  const fmt = useFmt();
  const { line, code, why, first = 0 } = issue;
  const said = why === 'twice' ? w.coupons.issue.twice(first) : w.coupons.issue[why];
  return (
    <li className="flex min-w-0 items-center gap-1.5">
      <TriangleAlert size={12} aria-hidden className="shrink-0" />
      <span className="shrink-0">{w.coupons.line(line)}:</span>
      <code dir="ltr" className="max-w-40 truncate font-mono" title={code}>
        {code}
      </code>
      <span className="truncate">{fmt.digits(said)}</span>
    </li>
  );
}

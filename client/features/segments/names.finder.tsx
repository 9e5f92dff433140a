import { useQuery } from '@tanstack/react-query';
import type { SegmentAttribute } from '../../../shared/segment.ts';
import { normalise } from '../../../shared/text/normalise.ts';
import { Finder } from '../../components/finder.tsx';
import { Plus } from '../../components/icons.ts';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { plainName } from '../../lib/bidi.ts';
import { useWorkspace } from '../../state/hooks.tsx';

/** Of these the names of what is sold are suggested. */
const ofProducts: ReadonlySet<string> = new Set<SegmentAttribute>(['boughtItems', 'boughtItems365']);
const mostLetters = 300;

export interface NamesFinderProps {
  title: string;
  attribute: string;
  chosen: readonly string[];
  onTurn: (name: string) => void;
  onClose: () => void;
}

/** Names of things: what is sold is suggested, and any other can be typed. */
export function NamesFinder({ title, attribute, chosen, onTurn, onClose }: NamesFinderProps) {
  const w = useCustomerWords();
  const { calls } = useWorkspace();
  const { data } = useQuery({
    queryKey: ['segments', 'products'],
    queryFn: () => calls.segmentProducts(),
    enabled: ofProducts.has(attribute),
    staleTime: 60_000,
  });
  const known = new Map([...chosen, ...(data?.names ?? [])].reverse().map((name) => [normalise(name), name]));
  const names = [...known.values()].reverse();
  return (
    <Finder
      title={title}
      placeholder={w.rule.typeName}
      nothing={w.rule.typeName}
      onClose={onClose}
      items={names.map((name) => ({
        id: name,
        label: plainName(name),
        checked: chosen.includes(name),
        staysOpen: true,
        run: () => onTurn(name),
      }))}
      create={(typed) =>
        normalise(typed) === '' || known.has(normalise(typed))
          ? null
          : {
              id: 'typed',
              label: w.rule.addName(typed),
              icon: <Plus size={16} />,
              staysOpen: true,
              run: () => onTurn(typed.slice(0, mostLetters)),
            }
      }
    />
  );
}

import { Finder } from '../../components/finder.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import type { RuleWords } from './use-rule-words.ts';

export interface AttributeFinderProps {
  words: RuleWords;
  current?: string;
  onChoose: (attribute: string) => void;
  onClose: () => void;
}

/** Everything that can be asked of a customer, under its headings. */
export function AttributeFinder({ words, current, onChoose, onClose }: AttributeFinderProps) {
  const w = useCustomerWords();
  return (
    <Finder
      title={w.rule.findAttribute}
      placeholder={w.rule.findAttribute}
      onClose={onClose}
      items={words.attributes.map(({ id, label, group }) => ({
        id,
        label,
        group: w.rule.groups[group],
        words: [w.rule.groups[group]],
        ...(current === id && { checked: true }),
        run: () => onChoose(id),
      }))}
    />
  );
}

import { useEffect, useRef, useState } from 'react';
import { type SegmentOperator, segmentOperators } from '../../../shared/segment.ts';
import { IconButton } from '../../components/button.tsx';
import { X } from '../../components/icons.ts';
import { Select } from '../../components/select.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { AttributeFinder } from './attribute.finder.tsx';
import { PickButton } from './pick.button.tsx';
import { type DraftCondition, withAttribute, withOperator } from './rule.draft.ts';
import type { RuleWords } from './use-rule-words.ts';
import { Value } from './value.tsx';

export interface ConditionRowProps {
  condition: DraftCondition;
  words: RuleWords;
  /** Was added just now: the keyboard goes to its value. */
  fresh: boolean;
  /** What is missing is said. */
  tried: boolean;
  onChange: (condition: DraftCondition) => void;
  onRemove: () => void;
}

/** Attribute, how it compares, with what. */
export function ConditionRow({ condition, words, fresh, tried, onChange, onRemove }: ConditionRowProps) {
  const w = useCustomerWords();
  const row = useRef<HTMLDivElement>(null);
  const [choosing, setChoosing] = useState(false);
  const { attribute, operator } = condition;
  const type = words.typeOf(attribute);
  const name = words.nameOf(attribute);
  const sentence = words.sentence(condition);
  const error = tried ? (words.needs(condition) ?? undefined) : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only as it comes
  useEffect(() => {
    if (!fresh) return;
    // What is typed into comes before a number's own steppers, which stand in front of it.
    const ways = ['value"] input:not([type=hidden])', 'value"] button', 'operator"] button'];
    for (const way of ways) {
      const part = row.current?.querySelector<HTMLElement>(`[data-part="${way}`);
      if (part) return part.focus();
    }
  }, []);
  const ways: readonly SegmentOperator[] = type ? segmentOperators[type] : [];
  const wordsOf: Partial<Record<SegmentOperator, string>> = type ? w.rule.operators[type] : {};
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend on screen; the parts say what they are
    <div ref={row} role="group" aria-label={sentence} className="flex items-start gap-1">
      <div className="grid min-w-0 flex-1 items-start gap-1.5 sm:grid-cols-[minmax(0,6fr)_minmax(0,5fr)_minmax(0,6fr)]">
        <PickButton label={`${w.rule.attribute}: ${name}`} onPress={() => setChoosing(true)}>
          <bdi>{name}</bdi>
        </PickButton>
        {type && (
          <div data-part="operator" className="min-w-0">
            <Select
              label={w.rule.operator}
              bare
              value={operator}
              onChange={(next) => onChange(withOperator(condition, next))}
              options={ways.map((id) => ({ id, label: wordsOf[id] ?? id }))}
            />
          </div>
        )}
        {type ? (
          <div data-part="value" className="min-w-0 empty:hidden">
            <Value
              key={`${attribute} ${operator}`}
              condition={condition}
              words={words}
              error={error}
              onChange={(value) => {
                const { value: _, ...rest } = condition;
                onChange({ ...rest, ...(value !== undefined && { value }) });
              }}
            />
          </div>
        ) : (
          error && <p className="self-center text-xs text-danger-ink">{error}</p>
        )}
      </div>
      <IconButton label={w.rule.remove(sentence)} icon={<X size={16} />} onPress={onRemove} />
      {choosing && (
        <AttributeFinder
          words={words}
          current={attribute}
          onClose={() => setChoosing(false)}
          onChoose={(next) => onChange(withAttribute(condition, next, words.fields))}
        />
      )}
    </div>
  );
}

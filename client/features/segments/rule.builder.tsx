import { type ReactNode, useRef, useState } from 'react';
import { Button, IconButton } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { Braces, Plus, Trash2 } from '../../components/icons.ts';
import { Segmented } from '../../components/radio-group.tsx';
import { showToast } from '../../components/toast.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { AttributeFinder } from './attribute.finder.tsx';
import { ConditionRow } from './condition.row.tsx';
import {
  type DraftCondition,
  type DraftGroup,
  type DraftRule,
  type Item,
  isDraftGroup,
  mostConditions,
  newCondition,
  newGroup,
  put,
} from './rule.draft.ts';
import type { RuleWords } from './use-rule-words.ts';

export interface RuleBuilderProps {
  draft: DraftRule;
  words: RuleWords;
  /** What is missing is said. */
  tried: boolean;
  onEdit: (change: (draft: DraftRule) => DraftRule) => void;
}

/** All or any of some conditions and of groups of them. */
export function RuleBuilder({ draft, words, tried, onEdit }: RuleBuilderProps) {
  const w = useCustomerWords();
  const [fresh, setFresh] = useState<string | null>(null);
  const [adding, setAdding] = useState<'condition' | 'group' | null>(null);
  const adder = useRef<HTMLButtonElement>(null);
  const edit = (change: (items: readonly Item[]) => readonly Item[]) =>
    onEdit((before) => ({ ...before, conditions: change(before.conditions) }));
  const full = draft.conditions.length >= mostConditions;
  const add = (attribute: string) => {
    const condition = newCondition(attribute, words.fields);
    setFresh(condition.key);
    // A group asks the other way than what is around it: else it would change nothing.
    const one = adding === 'group' ? newGroup(draft.match === 'all' ? 'any' : 'all', condition) : condition;
    edit((items) => [...items, one]);
  };
  const remove = (one: Item) => {
    const at = draft.conditions.findIndex(({ key }) => key === one.key);
    edit((items) => put(items, one.key, null));
    adder.current?.focus();
    showToast({
      text: isDraftGroup(one) ? w.rule.groupRemoved : w.rule.removed,
      undo: () => edit((items) => items.toSpliced(at, 0, one)),
    });
  };
  return (
    <div>
      <Match
        which={w.rule.which}
        match={draft.match}
        onChange={(match) => onEdit((before) => ({ ...before, match }))}
      />
      {draft.conditions.length === 0 && <p className="mt-3 text-ink-muted">{w.rule.noneYet}</p>}
      <ul className="mt-3 flex flex-col">
        {draft.conditions.map((one, at) => (
          <li key={one.key}>
            {at > 0 && <Between match={draft.match} />}
            {isDraftGroup(one) ? (
              <Group
                group={one}
                words={words}
                tried={tried}
                fresh={fresh}
                onFresh={setFresh}
                onEdit={(change) =>
                  edit((items) =>
                    items.flatMap((each) => {
                      if (each.key !== one.key || !isDraftGroup(each)) return [each];
                      const next = change(each);
                      return next.conditions.length > 0 ? [next] : [];
                    }),
                  )
                }
                onRemove={() => remove(one)}
              />
            ) : (
              <ConditionRow
                condition={one}
                words={words}
                fresh={fresh === one.key}
                tried={tried}
                onChange={(next) => edit((items) => put(items, one.key, next))}
                onRemove={() => remove(one)}
              />
            )}
          </li>
        ))}
      </ul>
      <div className="mt-4 flex flex-wrap gap-2">
        <Button
          ref={adder}
          icon={<Plus size={16} aria-hidden />}
          isDisabled={full}
          onPress={() => setAdding('condition')}
        >
          {w.rule.addCondition}
        </Button>
        <Button
          variant="quiet"
          icon={<Braces size={16} aria-hidden />}
          isDisabled={full}
          onPress={() => setAdding('group')}
        >
          {w.rule.addGroup}
        </Button>
      </div>
      {full && <p className="mt-2 text-xs text-ink-muted">{w.rule.most}</p>}
      {adding && <AttributeFinder words={words} onClose={() => setAdding(null)} onChoose={add} />}
    </div>
  );
}

interface GroupProps {
  group: DraftGroup;
  words: RuleWords;
  tried: boolean;
  fresh: string | null;
  onFresh: (key: string) => void;
  onEdit: (change: (group: DraftGroup) => DraftGroup) => void;
  onRemove: () => void;
}

function Group({ group, words, tried, fresh, onFresh, onEdit, onRemove }: GroupProps) {
  const w = useCustomerWords();
  const [adding, setAdding] = useState(false);
  const adder = useRef<HTMLButtonElement>(null);
  const edit = (change: (conditions: readonly DraftCondition[]) => readonly DraftCondition[]) =>
    onEdit((before) => ({ ...before, conditions: change(before.conditions) }));
  const full = group.conditions.length >= mostConditions;
  const remove = (one: DraftCondition) => {
    const at = group.conditions.findIndex(({ key }) => key === one.key);
    edit((conditions) => put(conditions, one.key, null));
    adder.current?.focus();
    showToast({
      text: w.rule.removed,
      undo: () => edit((conditions) => conditions.toSpliced(at, 0, one)),
    });
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend on screen; its own choice says what it is
    <div role="group" aria-label={w.rule.group} className="rounded-lg border border-line bg-canvas p-3">
      <div className="mb-3 flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <Match
            which={w.rule.groupWhich}
            match={group.match}
            onChange={(match) => onEdit((before) => ({ ...before, match }))}
          />
        </div>
        <IconButton label={w.rule.removeGroup} icon={<Trash2 size={16} />} onPress={onRemove} />
      </div>
      <ul className="flex flex-col">
        {group.conditions.map((one, at) => (
          <li key={one.key}>
            {at > 0 && <Between match={group.match} />}
            <ConditionRow
              condition={one}
              words={words}
              fresh={fresh === one.key}
              tried={tried}
              onChange={(next) => edit((conditions) => put(conditions, one.key, next))}
              onRemove={() => (group.conditions.length > 1 ? remove(one) : onRemove())}
            />
          </li>
        ))}
      </ul>
      <Button
        ref={adder}
        size="sm"
        variant="quiet"
        className="mt-2"
        icon={<Plus size={15} aria-hidden />}
        isDisabled={full}
        onPress={() => setAdding(true)}
      >
        {w.rule.addToGroup}
      </Button>
      {adding && (
        <AttributeFinder
          words={words}
          onClose={() => setAdding(false)}
          onChoose={(attribute) => {
            const condition = newCondition(attribute, words.fields);
            onFresh(condition.key);
            edit((conditions) => [...conditions, condition]);
          }}
        />
      )}
    </div>
  );
}

interface MatchProps {
  which: string;
  match: 'all' | 'any';
  onChange: (match: 'all' | 'any') => void;
}

/** "Customers who meet [all conditions | at least one]". */
function Match({ which, match, onChange }: MatchProps): ReactNode {
  const w = useCustomerWords();
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1.5 text-sm text-ink-muted">
      <span>{which}</span>
      <Segmented
        label={w.rule.matchLabel}
        bare
        size="sm"
        value={match}
        onChange={onChange}
        options={(['all', 'any'] as const).map((id) => ({ id, label: w.rule.match[id] }))}
      />
    </div>
  );
}

function Between({ match }: { match: 'all' | 'any' }) {
  const w = useCustomerWords();
  return (
    <p
      className={cx(
        'flex h-7 items-center text-2xs font-semibold text-ink-faint',
        'before:me-2 before:h-px before:w-4 before:bg-line after:ms-2 after:h-px after:flex-1 after:bg-line',
      )}
    >
      {match === 'all' ? w.rule.and : w.rule.or}
    </p>
  );
}

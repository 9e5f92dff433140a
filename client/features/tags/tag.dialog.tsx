import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import { AppError } from '../../../shared/errors.ts';
import { type Tag, TagCreate, tagColours } from '../../../shared/tag.ts';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { Dialog } from '../../components/dialog.tsx';
import { FieldLabel } from '../../components/field.tsx';
import { Check } from '../../components/icons.ts';
import { TagChip } from '../../components/tag-chip.tsx';
import { TextField } from '../../components/text-field.tsx';
import { showToast } from '../../components/toast.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { check, type Issues, issueText } from '../settings/check.ts';
import { Form, FormError } from '../settings/form.tsx';
import { useOffline } from '../settings/page.tsx';
import { keepIn } from '../teams/queries.ts';

type Colour = Tag['colour'];

export interface TagDialogProps {
  /** Being changed; null for a new one. */
  tag: Tag | null;
  /** Those there are: a new one of a known name answers with the known one. */
  known: readonly Tag[];
  onClose: () => void;
}

/** A tag's name and colour, seen as they will stand in the list. */
export function TagDialog({ tag, known, onClose }: TagDialogProps) {
  const t = useT();
  const w = useWords();
  const formId = useId();
  const offline = useOffline();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const [name, setName] = useState(tag?.name ?? '');
  const [colour, setColour] = useState<Colour>(tag?.colour ?? 'grey');
  const [issues, setIssues] = useState<Issues | null>(null);
  const save = useMutation({
    mutationFn: (form: { name: string; colour: Colour }) =>
      tag ? calls.updateTag(tag.id, form) : calls.createTag(form),
    onSuccess: (saved) => {
      keepIn(client, 'tags', saved);
      const existed = !tag && known.some((each) => each.id === saved.id);
      showToast({
        text: tag
          ? w.tags.saved(saved.name)
          : existed
            ? w.tags.exists(saved.name)
            : w.tags.created(saved.name),
        tone: existed ? 'info' : 'ok',
      });
      onClose();
    },
  });
  const submit = () => {
    if (save.isPending || offline) return;
    const form = check(TagCreate, { name, colour });
    setIssues(form.issues);
    if (form.data) save.mutate({ name: form.data.name, colour });
  };
  const taken = save.error instanceof AppError && save.error.reason === 'duplicateName';
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={tag ? w.tags.edit(tag.name) : w.tags.add}
      size="sm"
      actions={
        <>
          <Button onPress={onClose}>{t.common.cancel}</Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            isPending={save.isPending}
            isDisabled={offline}
          >
            {tag ? t.common.save : w.tags.add}
          </Button>
        </>
      }
    >
      <Form id={formId} onSubmit={submit} issues={issues ?? save.error} className="flex flex-col gap-4">
        {save.error && !taken && <FormError text={errorText(t, save.error)} error={save.error} />}
        <TextField
          label={w.tags.name}
          value={name}
          onChange={(next) => {
            setName(next);
            setIssues(null);
            if (save.error) save.reset();
          }}
          error={issueText(t, issues?.['name']) ?? (taken ? w.tags.taken : undefined)}
          autoComplete="off"
          autoFocus
        />
        <Colours value={colour} onChange={setColour} />
        <p className="flex items-center gap-2 text-xs text-ink-faint">
          {w.tags.preview}: <TagChip tag={{ name: name.trim() || w.tags.name, colour }} />
        </p>
      </Form>
    </Dialog>
  );
}

function Colours({ value, onChange }: { value: Colour; onChange: (colour: Colour) => void }) {
  const w = useWords();
  return (
    <RadioGroup
      value={value}
      onChange={(next) => {
        const chosen = tagColours.find((colour) => colour === next);
        if (chosen) onChange(chosen);
      }}
      className="flex flex-col gap-1.5"
    >
      <FieldLabel label={w.tags.colour} />
      <div className="flex flex-wrap gap-2">
        {tagColours.map((colour) => (
          <Radio
            key={colour}
            value={colour}
            aria-label={w.tags.colours[colour]}
            className={({ isFocusVisible }) =>
              cx('rounded-full', isFocusVisible && 'outline-2 outline-offset-2 outline-focus')
            }
          >
            {({ isSelected }) => (
              <span
                aria-hidden
                title={w.tags.colours[colour]}
                data-tag={colour}
                className={cx(
                  'tag grid size-8 place-items-center rounded-full border-2',
                  isSelected ? 'border-ink' : 'border-transparent',
                )}
              >
                {isSelected && <Check size={15} strokeWidth={3} />}
              </span>
            )}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}

import { useState } from 'react';
import type { Advocate } from '../../../shared/advocate.ts';
import { Button } from '../../components/button.tsx';
import { Checkbox } from '../../components/checkbox.tsx';
import { DateTimePicker } from '../../components/date-time-picker.tsx';
import { Check, Pencil, Plus } from '../../components/icons.ts';
import { TextField } from '../../components/text-field.tsx';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { clockTime } from '../../lib/time.ts';
import { Form } from '../settings/form.tsx';
import { NextTask } from './card.tsx';
import { useAdvocateChange } from './change.ts';
import { useMayMove } from './queries.ts';

/** What is to be done next with them: one thing, with a day or without. */
export function TaskField({ advocate }: { advocate: Advocate }) {
  const w = useAdvocateWords();
  const writes = useMayMove();
  const change = useAdvocateChange(advocate);
  const [open, setOpen] = useState(false);
  const { nextTask } = advocate;
  if (open) return <TaskForm advocate={advocate} onClose={() => setOpen(false)} />;
  return (
    <div className="flex flex-col gap-1.5">
      <p className="text-xs font-medium text-ink-muted">{w.person.task}</p>
      {nextTask && <NextTask task={nextTask} />}
      {writes && (
        <div className="flex flex-wrap gap-1.5">
          {nextTask && (
            <Button
              size="sm"
              icon={<Check size={14} aria-hidden />}
              onPress={() => void change({ nextTask: null }, { nextTask }, w.person.taskFinished)}
            >
              {w.person.taskDone}
            </Button>
          )}
          <Button
            size="sm"
            variant={nextTask ? 'quiet' : 'secondary'}
            icon={nextTask ? <Pencil size={13} aria-hidden /> : <Plus size={14} aria-hidden />}
            onPress={() => setOpen(true)}
          >
            {nextTask ? w.person.editTask : w.person.addTask}
          </Button>
        </div>
      )}
    </div>
  );
}

function TaskForm({ advocate, onClose }: { advocate: Advocate; onClose: () => void }) {
  const t = useT();
  const w = useAdvocateWords();
  const { timeZone } = useFmt().options;
  const change = useAdvocateChange(advocate);
  const { nextTask } = advocate;
  const [text, setText] = useState(nextTask?.text ?? '');
  const [dated, setDated] = useState(nextTask?.due !== null && nextTask !== null);
  const [due, setDue] = useState(() =>
    nextTask?.due ? Date.parse(nextTask.due) : clockTime({ from: Date.now(), timeZone, days: 1, hour: 9 }),
  );
  const [issue, setIssue] = useState<{ text: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const save = async () => {
    if (busy) return;
    if (!text.trim()) return setIssue({ text: w.person.taskNeeded });
    setBusy(true);
    const next = { text: text.trim(), due: dated ? new Date(due).toISOString() : null };
    const kept = await change({ nextTask: next }, { nextTask }, w.person.taskSaved);
    setBusy(false);
    if (kept) onClose();
  };
  return (
    <Form onSubmit={() => void save()} issues={issue} className="flex flex-col gap-2.5">
      <TextField
        autoFocus
        label={w.person.taskText}
        value={text}
        onChange={setText}
        error={issue?.text}
        maxLength={200}
      />
      <Checkbox isSelected={dated} onChange={setDated}>
        {w.person.withDue}
      </Checkbox>
      {dated && <DateTimePicker bare label={w.person.taskDue} value={due} onChange={setDue} />}
      <div className="flex gap-1.5">
        <Button size="sm" variant="primary" type="submit" isPending={busy}>
          {t.common.save}
        </Button>
        <Button size="sm" variant="quiet" onPress={onClose}>
          {t.common.cancel}
        </Button>
      </div>
    </Form>
  );
}

import { useId, useState } from 'react';
import { may } from '../../../shared/access.ts';
import { AppError } from '../../../shared/errors.ts';
import type { CouponList } from '../../../shared/reward.ts';
import { Button } from '../../components/button.tsx';
import { Checkbox } from '../../components/checkbox.tsx';
import { DateTimePicker } from '../../components/date-time-picker.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { NumberField } from '../../components/number-field.tsx';
import { TextField } from '../../components/text-field.tsx';
import { showToast } from '../../components/toast.tsx';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useMe, useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { Form, FormError } from '../settings/form.tsx';
import { CodesField } from './codes.field.tsx';
import { mostCodes, readCodes } from './codes.ts';
import { useLedgerAgain } from './deeds.ts';

export interface CouponDialogProps {
  /** More codes for this one; null: a new list. */
  list: CouponList | null;
  onClose: () => void;
}

const month = 30 * 86_400_000;
type Issue = Partial<Record<'name' | 'points' | 'cost' | 'codes', string>>;

/** A list of codes to be given away, or more codes for one. What cannot be taken is named by its line; the rest goes in. */
export default function CouponDialog({ list, onClose }: CouponDialogProps) {
  const t = useT();
  const w = useAdvocateWords();
  const form = useId();
  const { calls } = useWorkspace();
  // Coupons of those who have to ask are held against the limit: they say what one is worth.
  const says = !may(useMe(), 'reward.approve');
  const again = useLedgerAgain();
  const [name, setName] = useState('');
  const [points, setPoints] = useState(100);
  const [cost, setCost] = useState(Number.NaN);
  const [ends, setEnds] = useState(false);
  const [until, setUntil] = useState(() => Date.now() + month);
  const [text, setText] = useState('');
  const [known, setKnown] = useState<ReadonlySet<string>>(new Set());
  const [issue, setIssue] = useState<Issue | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const read = readCodes(text, known);
  const save = async () => {
    if (busy) return;
    const wrong: Issue = {
      ...(!list && !name.trim() && { name: w.coupons.nameNeeded }),
      ...(!list && says && !(points >= 1) && { points: w.coupons.pointsNeeded }),
      ...(!list && says && !(cost > 0) && { cost: w.coupons.costNeeded }),
      ...(read.codes.length === 0 && { codes: w.coupons.codesNeeded }),
      ...(read.codes.length > mostCodes && { codes: w.coupons.tooMany(mostCodes) }),
    };
    setIssue(Object.keys(wrong).length > 0 ? wrong : null);
    if (Object.keys(wrong).length > 0) return;
    setBusy(true);
    setError(null);
    try {
      if (list) await calls.addCouponCodes(list.id, read.codes);
      else
        await calls.createCouponList({
          name: name.trim(),
          points: Number.isNaN(points) ? 0 : Math.round(points),
          cost: Number.isNaN(cost) ? null : { amount: Math.round(cost * 10), currency: 'IRR' },
          expiresAt: ends ? new Date(until).toISOString() : null,
          codes: read.codes,
        });
      again();
      showToast({
        text: list ? w.coupons.added(read.codes.length) : w.coupons.saved(name.trim()),
        tone: 'ok',
        stays: 4_000,
      });
      onClose();
    } catch (failure) {
      setBusy(false);
      const taken = failure instanceof AppError && failure.reason === 'duplicateName';
      const there = failure instanceof AppError ? knownOf(failure) : [];
      if (taken) setIssue({ name: t.errors.reason.duplicateName });
      else if (there.length > 0) setKnown(new Set([...known, ...there]));
      else setError(failure);
    }
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={list ? w.coupons.addTo(plainName(list.name)) : w.coupons.add}
      actions={
        <>
          <Button variant="quiet" onPress={onClose}>
            {t.common.cancel}
          </Button>
          <Button variant="primary" type="submit" form={form} isPending={busy}>
            {list ? w.coupons.addCodes : w.coupons.save}
          </Button>
        </>
      }
    >
      <Form id={form} onSubmit={() => void save()} issues={issue} className="flex flex-col gap-3.5">
        {error !== null && <FormError text={errorText(t, error)} error={error} />}
        {!list && (
          <>
            <TextField
              autoFocus
              label={w.coupons.name}
              value={name}
              onChange={setName}
              error={issue?.name}
              maxLength={80}
            />
            <div className="grid items-end gap-3.5 sm:grid-cols-2">
              <NumberField
                label={w.coupons.points}
                value={points}
                onChange={setPoints}
                error={issue?.points}
                min={0}
                max={1_000_000_000}
              />
              <NumberField
                label={w.coupons.cost}
                value={cost}
                onChange={setCost}
                error={issue?.cost}
                min={0}
                optional={!says}
              />
            </div>
            <div className="flex flex-wrap items-center gap-3">
              <Checkbox isSelected={ends} onChange={setEnds}>
                {w.coupons.expires}
              </Checkbox>
              {ends && <DateTimePicker bare label={w.coupons.expiresAt} value={until} onChange={setUntil} />}
            </div>
          </>
        )}
        <CodesField text={text} onChange={setText} read={read} error={issue?.codes} />
      </Form>
    </Dialog>
  );
}

/** Codes that a list has already, as the server names them: at most ten at a time. */
function knownOf({ body }: AppError): string[] {
  const { data } = body;
  return typeof data === 'object' && data !== null && 'known' in data && Array.isArray(data.known)
    ? data.known.map(String)
    : [];
}

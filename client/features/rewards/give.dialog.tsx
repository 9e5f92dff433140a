import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { Advocate } from '../../../shared/advocate.ts';
import { AppError } from '../../../shared/errors.ts';
import {
  needsApproval,
  type RewardKind,
  type RewardLimits,
  rewardKinds,
  rewardPlaces,
} from '../../../shared/reward.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { CircleCheck, Clock } from '../../components/icons.ts';
import { NumberField } from '../../components/number-field.tsx';
import { Segmented } from '../../components/radio-group.tsx';
import { Select } from '../../components/select.tsx';
import { TextField } from '../../components/text-field.tsx';
import { showToast } from '../../components/toast.tsx';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { useSocialWords } from '../../i18n/social-words.ts';
import { plainName } from '../../lib/bidi.ts';
import { money } from '../../lib/money.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import {
  hasGap,
  type MessageDraft,
  MessageFields,
  readAs,
  told,
  untouched,
  useUsual,
} from '../advocates/message-fields.tsx';
import { useAdvocateSettings } from '../advocates/queries.ts';
import { errorText } from '../error-text.ts';
import { Form, FormError } from '../settings/form.tsx';
import { LinkButton } from '../shell/link-button.tsx';
import { useLedgerAgain } from './deeds.ts';
import { rewardIcons } from './line.tsx';

export interface GiveDialogProps {
  advocate: Pick<Advocate, 'customerId' | 'name' | 'optedOut'>;
  onClose: () => void;
}

type Issue = Partial<Record<'points' | 'list' | 'cost' | 'text' | 'reason', string>>;

/** Thanks somebody: what, in which words, for what; whether it needs somebody's approval is said before. */
export default function GiveDialog({ advocate, onClose }: GiveDialogProps) {
  const t = useT();
  const w = useAdvocateWords();
  const { language } = useLocale();
  const form = useId();
  const { calls } = useWorkspace();
  const again = useLedgerAgain();
  const { data: settings } = useAdvocateSettings();
  const s = useSocialWords().template;
  const { data: lists } = useQuery({ queryKey: ['coupons'], queryFn: () => calls.couponLists() });
  const { customerId, optedOut } = advocate;
  const { data: ledger } = useQuery({
    queryKey: ['rewards', 'given', customerId],
    queryFn: () => calls.rewards({ customerId, state: null, after: null, limit: 1 }),
  });
  const name = plainName(advocate.name);
  // The same id again gives nothing twice.
  const [id] = useState(() => crypto.randomUUID());
  const [kind, setKind] = useState<RewardKind>('points');
  const [points, setPoints] = useState(100);
  const [worth, setWorth] = useState(0);
  const [cost, setCost] = useState(Number.NaN);
  const [listId, setListId] = useState<string | null>(null);
  const usual = useUsual(customerId, !optedOut);
  const [drafts, setDrafts] = useState<Partial<Record<RewardKind, MessageDraft>>>({});
  const [reason, setReason] = useState('');
  const [issue, setIssue] = useState<Issue | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const now = Date.now();
  const usable = (lists ?? []).filter(
    ({ archived, left, expiresAt }) => !archived && left > 0 && (!expiresAt || Date.parse(expiresAt) > now),
  );
  const list = usable.find((each) => each.id === listId) ?? (usable.length === 1 ? usable[0] : undefined);
  const draft = drafts[kind] ?? untouched;
  const { template } = draft;
  const text = draft.text ?? usual((words) => words.reward.usual[kind]);
  const least = kind === 'coupon' ? (list?.cost ?? null) : null;
  const costs = Number.isNaN(cost) ? least : { amount: Math.round(cost * 10), currency: 'IRR' };
  const value = kind === 'points' ? points : kind === 'coupon' ? (list?.points ?? 0) : worth;
  const nothing = { points: 0, costs: [] };
  const unsaid = kind === 'coupon' && list?.points === 0 && !list.cost?.amount;
  const waits =
    settings !== undefined &&
    (unsaid || needsApproval({ points: value || 0, cost: costs }, ledger?.given ?? nothing, settings));

  const limitText = useLimitText(waits);
  const wrong = (): Issue | null => {
    const tooCheap =
      least !== null && costs !== null && costs.currency === least.currency && costs.amount < least.amount;
    const found: Issue = {
      ...(kind === 'points' && !(points >= 1) && { points: w.reward.pointsNeeded }),
      ...(kind === 'coupon' && !list && { list: w.reward.listNeeded }),
      ...(tooCheap && { cost: w.reward.costLeast(money(language, least)) }),
      ...(kind === 'message' && !text.trim() && !template && { text: w.reward.textNeeded }),
      ...(hasGap(template) && { text: s.missing }),
      ...(!reason.trim() && { reason: w.reward.reasonNeeded }),
    };
    return Object.keys(found).length > 0 ? found : null;
  };
  const give = async () => {
    if (busy) return;
    const found = wrong();
    setIssue(found);
    if (found) return;
    setBusy(true);
    setError(null);
    try {
      const reward = await calls.giveReward({
        id,
        customerId,
        kind,
        points: kind === 'coupon' ? 0 : Math.round(value || 0),
        cost: Number.isNaN(cost) ? null : { amount: Math.round(cost * 10), currency: 'IRR' },
        ...(kind === 'coupon' && list && { couponListId: list.id }),
        ...told(text, template),
        reason: reason.trim(),
      });
      again();
      const waiting = reward.state === 'waiting';
      showToast({
        text: waiting ? w.reward.waits(name) : w.reward.given(name),
        tone: 'ok',
        undo: () =>
          void calls.undoReward(reward.id).then(
            () => {
              again();
              showToast({ text: w.reward.undone, stays: 4_000 });
            },
            (failure: unknown) => showToast({ text: errorText(t, failure), tone: 'error' }),
          ),
      });
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
      if (failure instanceof AppError && failure.reason === 'noCodes') again();
    }
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={w.reward.giveTo(name)}
      actions={
        <>
          <Limit waits={waits} limits={settings} />
          <Button variant="quiet" onPress={onClose}>
            {t.common.cancel}
          </Button>
          <Button variant="primary" type="submit" form={form} isPending={busy}>
            {waits ? w.reward.submitWaits : w.reward.submit}
          </Button>
        </>
      }
    >
      <Form id={form} onSubmit={() => void give()} issues={issue} className="flex flex-col gap-3.5">
        {error !== null && <FormError text={errorText(t, error)} error={error} />}
        <Segmented
          label={w.reward.what}
          value={kind}
          onChange={setKind}
          options={rewardKinds
            .filter((each) => each !== 'message' || !optedOut)
            .map((each) => {
              const Icon = rewardIcons[each];
              return { id: each, label: w.reward.kind[each], icon: <Icon size={14} aria-hidden /> };
            })}
        />
        <div className="grid items-start gap-3.5 sm:grid-cols-2">
          {kind === 'points' && (
            <NumberField
              label={w.reward.points}
              value={points}
              onChange={setPoints}
              min={1}
              max={1_000_000_000}
              error={issue?.points}
            />
          )}
          {kind === 'coupon' &&
            (lists && usable.length === 0 ? (
              <div className="text-sm">
                <p className="mb-1.5 text-ink-muted">{w.reward.noLists}</p>
                <LinkButton href="/advocates/coupons">{w.reward.makeList}</LinkButton>
              </div>
            ) : (
              <Select
                label={w.reward.list}
                value={list?.id ?? null}
                onChange={setListId}
                error={issue?.list}
                options={usable.map((each) => ({
                  id: each.id,
                  label: plainName(each.name),
                  description: w.reward.left(each.left),
                }))}
              />
            ))}
          {kind === 'message' && (
            <NumberField
              label={w.reward.worth}
              help={w.reward.worthHelp}
              value={worth}
              onChange={(next) => setWorth(Number.isNaN(next) ? 0 : next)}
              min={0}
              max={1_000_000_000}
            />
          )}
          <NumberField
            label={w.reward.cost}
            value={Number.isNaN(cost) && kind === 'coupon' && list?.cost ? list.cost.amount / 10 : cost}
            onChange={setCost}
            min={0}
            error={issue?.cost}
            optional
          />
        </div>
        {optedOut ? (
          <p className="text-xs text-warn-ink">{w.board.optedOutText}</p>
        ) : (
          <MessageFields
            key={kind}
            customerId={customerId}
            label={w.reward.tell}
            help={w.reward.tellHelp}
            places={['name', 'points', 'code']}
            error={issue?.text}
            text={text}
            draft={draft}
            onChange={(next) => setDrafts({ ...drafts, [kind]: next })}
            values={{
              name: { text: name },
              points: {
                text:
                  rewardPlaces(readAs(text, template), { name, points: value || 0, code: '' })['points'] ??
                  '',
              },
              code: kind === 'coupon' ? { place: w.reward.codeShown } : { text: '' },
            }}
          />
        )}
        <TextField
          label={w.reward.reason}
          help={w.reward.reasonHelp}
          value={reason}
          onChange={setReason}
          error={issue?.reason}
          maxLength={300}
        />
        <p className="sr-only" role="status">
          {settings && limitText(settings)}
        </p>
      </Form>
    </Dialog>
  );
}

/** Whether it is given at once, said before it is. */
function Limit({ waits, limits }: { waits: boolean; limits: RewardLimits | undefined }) {
  const text = useLimitText(waits);
  if (!limits) return null;
  const Icon = waits ? Clock : CircleCheck;
  return (
    <p
      aria-hidden
      className={`me-auto flex min-w-40 flex-1 items-center gap-1.5 text-xs ${waits ? 'text-warn-ink' : 'text-ink-muted'}`}
    >
      <Icon size={14} className="shrink-0" />
      {text(limits)}
    </p>
  );
}

function useLimitText(waits: boolean): (limits: RewardLimits) => string {
  const w = useAdvocateWords();
  const fmt = useFmt();
  const { language } = useLocale();
  return ({ approveAbove, approveCostAbove }) =>
    (waits ? w.reward.above : w.reward.limit)(fmt.number(approveAbove), money(language, approveCostAbove));
}

import { useState } from 'react';
import type { ContactPoint } from '../../../shared/contact-point.ts';
import { AppError } from '../../../shared/errors.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { ChannelGlyph } from '../../components/channel-glyph.tsx';
import { RadioGroup } from '../../components/radio-group.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { dataOf } from '../../state/outbox.ts';
import { useChannelLook } from '../directory.ts';
import { errorText } from '../error-text.ts';
import { ActiveBanner } from '../inbox/active-banner.tsx';
import { useBegin } from '../inbox/use-begin.ts';
import { useOutsideText } from './contact-hours.ts';
import { pointKey, pointTaken, refusalText, useContactPoints } from './contact-points.ts';

export interface ChoosePointProps {
  customerId: string;
  /** Why it could not begin by itself. */
  refused?: unknown;
  onClose: () => void;
  /** The conversation that began, or the one that is open already. */
  onOpen: (conversationId: string) => void;
}

/** In a dialog: the contact points of a customer, the preferred one first, and a conversation begins on the one that is chosen. */
export function ChoosePoint({ customerId, refused = null, onClose, onOpen }: ChoosePointProps) {
  const t = useT();
  const w = useCustomerWords();
  const look = useChannelLook();
  const begin = useBegin();
  const outsideText = useOutsideText();
  const { data, error } = useContactPoints(customerId);
  const [chosen, setChosen] = useState<string | null>(null);
  const [failure, setFailure] = useState<unknown>(refused);
  const [busy, setBusy] = useState(false);
  if (error && !data)
    return (
      <p role="alert" className="text-sm text-danger-ink">
        {w.writing.loadFailed} {errorText(t, error)}
      </p>
    );
  if (!data) return <Skeleton className="h-24" />;
  const { points, outside } = data;
  const point = pointTaken(data, chosen);
  const active = failure instanceof AppError ? dataOf(failure, 'conversationId') : undefined;
  const run = async () => {
    if (!point) return;
    setBusy(true);
    setFailure(null);
    try {
      const { identityId, channelId } = point;
      onOpen(await begin({ customerId, identityId, channelId }));
    } catch (refusal) {
      setFailure(refusal);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      noValidate
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      {active ? (
        <ActiveBanner onOpen={() => onOpen(active)} />
      ) : (
        (failure !== null || points.length === 0) && (
          <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-sm text-danger-ink">
            {failure === null ? w.writing.none : refusalText({ t, w }, failure, points.length)}
          </p>
        )
      )}
      {outside && (
        <Banner tone="warn" live>
          {outsideText(outside)}
        </Banner>
      )}
      {points.length > 0 && (
        <RadioGroup
          label={w.writing.points}
          value={point ? pointKey(point) : ''}
          onChange={(key) => {
            setChosen(key);
            setFailure(null);
          }}
          options={points.map((each) => {
            const { name, glyph } = look(each.channelId);
            return {
              id: pointKey(each),
              icon: <ChannelGlyph glyph={glyph} size={18} />,
              label: (
                <>
                  <bdi>{name}</bdi>{' '}
                  <bdi dir="ltr" className="text-ink-muted">
                    {plainName(each.display)}
                  </bdi>
                </>
              ),
              help: <Signs point={each} />,
              disabled: each.says === 'nothing',
            };
          })}
        />
      )}
      <div className="flex justify-end gap-2">
        <Button onPress={onClose}>{t.common.cancel}</Button>
        <Button variant="primary" type="submit" autoFocus isPending={busy} isDisabled={!point}>
          {w.writing.button}
        </Button>
      </div>
    </form>
  );
}

/** What is to be known of one of them before it is chosen. */
function Signs({ point: { wish, says, optedOut } }: { point: ContactPoint }) {
  const w = useCustomerWords();
  const signs = [
    wish && { text: w.writing[wish], look: 'font-medium text-accent-ink' },
    says !== 'words' && { text: w.writing[says], look: 'text-warn-ink' },
    optedOut && { text: w.writing.optedOut, look: 'text-danger-ink' },
  ].filter((one) => !!one);
  if (signs.length === 0) return null;
  return (
    <span className="flex flex-wrap gap-x-3">
      {signs.map(({ text, look }) => (
        <span key={text} className={look}>
          {text}
        </span>
      ))}
    </span>
  );
}

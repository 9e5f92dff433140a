import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState } from 'react';
import { Link, useLocation, useParams, useSearch } from 'wouter';
import { may } from '../../../shared/access.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Segment, SegmentRule } from '../../../shared/segment.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ArrowLeft, Copy, ListFilter, Users } from '../../components/icons.ts';
import { Switch } from '../../components/switch.tsx';
import { TextField } from '../../components/text-field.tsx';
import { showToast } from '../../components/toast.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useMe, useWorkspace } from '../../state/hooks.tsx';
import { CustomersArea } from '../customers/area.tsx';
import { errorText } from '../error-text.ts';
import { Form, FormError } from '../settings/form.tsx';
import { Card, Loaded, useOffline } from '../settings/page.tsx';
import { LinkButton } from '../shell/link-button.tsx';
import { keepIn, useListEvents } from '../teams/queries.ts';
import { mayChange } from './may-change.ts';
import { InWords, Preview } from './preview.tsx';
import { RuleBuilder } from './rule.builder.tsx';
import { allConditions, type DraftRule, draftOf, ruleOf } from './rule.draft.ts';
import { conditionsOf, useRuleWords } from './use-rule-words.ts';

/** One segment: being made, changed, or only looked at. */
export default function SegmentPage() {
  const { id = 'new' } = useParams<{ id: string }>();
  const from = new URLSearchParams(useSearch()).get('from');
  const source = id === 'new' ? from : id;
  const w = useCustomerWords();
  const { calls } = useWorkspace();
  // Without the fields a condition on one of them could neither be named nor asked.
  const fields = useQuery({ queryKey: ['fields'], queryFn: () => calls.fields() });
  if (!fields.data)
    return (
      <CustomersArea part="segments">
        <Loaded query={fields} failed={w.segments.loadFailed}>
          {() => null}
        </Loaded>
      </CustomersArea>
    );
  return source ? <Known key={`${id} ${source}`} id={source} copy={id === 'new'} /> : <Editor key="new" />;
}

function Known({ id, copy }: { id: string; copy: boolean }) {
  const w = useCustomerWords();
  const me = useMe();
  const { calls } = useWorkspace();
  useListEvents();
  const query = useQuery({
    queryKey: ['segments', 'one', id],
    queryFn: () => calls.segment(id),
    retry: (times, error) => !(error instanceof AppError && error.code === 'notFound') && times < 2,
  });
  const gone = query.error instanceof AppError && query.error.code === 'notFound';
  if (query.data) {
    if (copy) return <Editor copyOf={query.data} />;
    return mayChange(me, query.data) ? <Editor segment={query.data} /> : <Reader segment={query.data} />;
  }
  return (
    <CustomersArea part="segments">
      {gone ? (
        <EmptyState
          className="flex-1"
          icon={<ListFilter size={24} />}
          title={w.segments.goneTitle}
          text={w.segments.goneText}
          action={<LinkButton href="/customers/segments">{w.segments.back}</LinkButton>}
        />
      ) : (
        <Loaded query={query} failed={w.segments.loadFailed}>
          {() => null}
        </Loaded>
      )}
    </CustomersArea>
  );
}

const everybody: SegmentRule = { match: 'all', conditions: [] };

interface Unfinished {
  name: string;
  draft: DraftRule;
  shared: boolean;
}
/** What is gone on with, by the address of its editor: put there by who wants it back, taken by the editor that opens. */
const wanted = new Map<string, Unfinished>();

/** Whoever leaves without keeping is told so, and can come back to what they had. What it answers says that it was kept. */
function useLeaving(path: string, now: Unfinished | null): () => void {
  const w = useCustomerWords();
  const [, navigate] = useLocation();
  const latest = useRef({ now, w });
  const kept = useRef(false);
  useEffect(() => {
    latest.current = { now, w };
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: as it goes, once
  useEffect(() => {
    wanted.delete(path);
    return () => {
      const { now: unfinished, w: words } = latest.current;
      if (!unfinished || kept.current) return;
      const goOn = () => {
        wanted.set(path, unfinished);
        navigate(path);
      };
      showToast({ text: words.segments.left, action: { label: words.segments.goOn, run: goOn } });
    };
  }, []);
  return () => {
    kept.current = true;
  };
}

function Editor({ segment, copyOf }: { segment?: Segment; copyOf?: Segment }) {
  const t = useT();
  const w = useCustomerWords();
  const me = useMe();
  const offline = useOffline();
  const formId = useId();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  useListEvents();
  const path = `/customers/segments/${segment?.id ?? (copyOf ? `new?from=${copyOf.id}` : 'new')}`;
  const [before] = useState(() => wanted.get(path));
  const [name, setName] = useState(
    () => before?.name ?? segment?.name ?? (copyOf ? w.segments.copyOf(copyOf.name).slice(0, 80) : ''),
  );
  const [draft, setDraft] = useState(() => before?.draft ?? draftOf((segment ?? copyOf)?.rule ?? everybody));
  const [shared, setShared] = useState(before?.shared ?? segment?.sharedWith === 'everyone');
  const [changed, setChanged] = useState(before !== undefined);
  const [tried, setTried] = useState(0);
  const words = useRuleWords(allConditions(draft));
  const { rule, leftOut } = ruleOf(draft, words.fields);
  const manages = may(me, 'segment.manage');
  const isKept = useLeaving(path, changed ? { name, draft, shared } : null);
  const save = useMutation({
    mutationFn: () => {
      const form = { name: name.trim(), rule, sharedWith: shared ? 'everyone' : 'nobody' } as const;
      return segment ? calls.updateSegment(segment.id, form) : calls.createSegment(form);
    },
    onSuccess: (saved) => {
      isKept();
      keepIn(client, 'segments', saved);
      client.setQueryData(['segments', 'one', saved.id], saved);
      showToast({
        text: (segment ? w.segments.saved : w.segments.created)(plainName(saved.name)),
        tone: 'ok',
        action: { label: w.segments.show, run: () => navigate(`/customers?segment=${saved.id}`) },
      });
      navigate('/customers/segments');
    },
  });
  const submit = () => {
    setTried((times) => times + 1);
    if (name.trim() && leftOut === 0 && !save.isPending && !offline) save.mutate();
  };
  const title = segment ? plainName(segment.name) : w.segments.add;
  return (
    <CustomersArea
      part="segments"
      name={title}
      title={<bdi className="ui-start">{title}</bdi>}
      actions={
        <>
          <LinkButton href="/customers/segments">{t.common.cancel}</LinkButton>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            isPending={save.isPending}
            isDisabled={offline}
          >
            {t.common.save}
          </Button>
        </>
      }
    >
      <Back />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <Form
          id={formId}
          onSubmit={submit}
          issues={tried || save.error}
          className="flex min-w-0 flex-col gap-4"
        >
          {save.error && <FormError text={errorText(t, save.error)} error={save.error} />}
          <Card>
            <TextField
              label={w.segments.name}
              placeholder={w.segments.nameHint}
              value={name}
              onChange={(next) => {
                setChanged(true);
                setName(next);
              }}
              maxLength={80}
              autoComplete="off"
              autoFocus={!segment}
              error={tried > 0 && !name.trim() ? t.fields.required : undefined}
            />
          </Card>
          <Card title={w.rule.title}>
            <RuleBuilder
              draft={draft}
              words={words}
              tried={tried > 0}
              onEdit={(change) => {
                setChanged(true);
                setDraft(change);
              }}
            />
          </Card>
          <Card>
            <Switch
              isSelected={shared}
              onChange={(next) => {
                setChanged(true);
                setShared(next);
              }}
              isDisabled={!manages}
              help={manages ? w.segments.shareHelp : w.segments.shareNot}
            >
              {w.segments.share}
            </Switch>
          </Card>
        </Form>
        <Preview rule={rule} leftOut={leftOut} words={words} className="lg:sticky lg:top-4" />
      </div>
    </CustomersArea>
  );
}

/** Somebody else's that everybody may see. */
function Reader({ segment }: { segment: Segment }) {
  const w = useCustomerWords();
  const me = useMe();
  const words = useRuleWords(conditionsOf(segment.rule));
  const title = plainName(segment.name);
  return (
    <CustomersArea
      part="segments"
      name={title}
      title={<bdi className="ui-start">{title}</bdi>}
      text={w.segments.readOnly}
      actions={
        <>
          {may(me, 'segment.write') && (
            <LinkButton href={`/customers/segments/new?from=${segment.id}`}>
              <Copy size={16} aria-hidden />
              {w.segments.duplicate}
            </LinkButton>
          )}
          <LinkButton href={`/customers?segment=${segment.id}`}>
            <Users size={16} aria-hidden />
            {w.segments.show}
          </LinkButton>
        </>
      }
    >
      <Back />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <Card title={w.rule.title}>
          <InWords rule={segment.rule} words={words} />
        </Card>
        <Preview rule={segment.rule} leftOut={0} words={words} />
      </div>
    </CustomersArea>
  );
}

function Back() {
  const w = useCustomerWords();
  return (
    <Link
      href="/customers/segments"
      className="-ms-1 -mt-2 mb-3 inline-flex min-h-6 w-fit items-center gap-1 rounded-md px-1 text-xs font-medium text-ink-muted hover:text-ink"
    >
      <ArrowLeft size={14} aria-hidden className="mirror" />
      {w.segments.back}
    </Link>
  );
}

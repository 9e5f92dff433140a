import { useEffect, useRef, useState } from 'react';
import type { VisitorMessage, WidgetConfig } from '../../../shared/visitor.ts';
import { Segmented } from '../../components/radio-group.tsx';
import { useLocale } from '../../i18n/locale.tsx';
import { textOn } from '../../widget/colour.ts';
import type { Preview as Shown } from '../../widget/protocol.ts';
import { Card } from '../settings/page.tsx';
import { words } from './words.ts';

type Device = 'desktop' | 'phone';

/** The frame itself, as visitors get it, fed with what is being edited: nothing of it reaches the server. */
export function Preview({ config }: { config: WidgetConfig }) {
  const { language: own } = useLocale();
  const w = words[own];
  const [device, setDevice] = useState<Device>('desktop');
  const [spoken, setSpoken] = useState<'fa' | 'en'>(own);
  const [hours, setHours] = useState<'open' | 'closed'>('open');
  const [moment, setMoment] = useState<'begin' | 'talk'>('talk');
  const frame = useRef<HTMLIFrameElement>(null);
  const language = config.language === 'auto' ? spoken : config.language;
  const shown: Shown = {
    config: { ...config, open: hours === 'open' },
    language,
    messages: moment === 'talk' ? talk(language) : [],
  };
  const send = () =>
    frame.current?.contentWindow?.postMessage({ yekja: 'preview', ...shown }, window.location.origin);
  // Every change is shown as it is typed.
  useEffect(() => void send());

  const isLeft = (language === 'fa') === (config.position === 'end');
  return (
    <Card title={w.preview}>
      <div className="mb-3 flex flex-wrap gap-2">
        <Segmented
          label={w.device}
          bare
          size="sm"
          value={device}
          onChange={setDevice}
          options={[
            { id: 'desktop', label: w.desktop },
            { id: 'phone', label: w.phone },
          ]}
        />
        {config.language === 'auto' && (
          <Segmented
            label={w.language}
            bare
            size="sm"
            value={spoken}
            onChange={setSpoken}
            options={[
              { id: 'fa', label: 'فارسی' },
              { id: 'en', label: 'English' },
            ]}
          />
        )}
        <Segmented
          label={w.hours}
          bare
          size="sm"
          value={hours}
          onChange={setHours}
          options={[
            { id: 'open', label: w.open },
            { id: 'closed', label: w.closed },
          ]}
        />
        <Segmented
          label={w.moment}
          bare
          size="sm"
          value={moment}
          onChange={setMoment}
          options={[
            { id: 'begin', label: w.begin },
            { id: 'talk', label: w.talk },
          ]}
        />
      </div>
      <div dir={language === 'fa' ? 'rtl' : 'ltr'} className="rounded-lg border border-line bg-sunken p-3">
        <div
          className={
            device === 'phone'
              ? 'mx-auto h-[600px] w-full max-w-[340px] overflow-hidden rounded-xl border-4 border-line-strong'
              : 'h-[520px] w-full max-w-[384px] overflow-hidden rounded-xl shadow-float'
          }
          style={
            device === 'desktop' ? { marginInlineStart: config.position === 'end' ? 'auto' : 0 } : undefined
          }
        >
          <iframe
            ref={frame}
            title={w.previewFrame}
            src={`/widget/${encodeURIComponent(config.site)}?preview`}
            onLoad={send}
            className="size-full border-0"
          />
        </div>
        {device === 'desktop' && (
          <div
            className="mt-3 flex"
            style={{ justifyContent: 'flex-start', direction: isLeft ? 'ltr' : 'rtl' }}
          >
            <span
              aria-hidden
              className="grid size-12 place-items-center rounded-full shadow-float"
              style={{ background: config.colour, color: textOn(config.colour) }}
            >
              <svg
                viewBox="0 0 24 24"
                width="24"
                fill="none"
                stroke="currentColor"
                strokeWidth="1.8"
                aria-hidden="true"
              >
                <path d="m6 9 6 6 6-6" />
              </svg>
            </span>
          </div>
        )}
      </div>
    </Card>
  );
}

function talk(language: 'fa' | 'en'): VisitorMessage[] {
  const w = words[language];
  const message = (id: string, part: Partial<VisitorMessage>): VisitorMessage => ({
    id,
    seq: 0,
    from: 'team',
    author: w.agent,
    at: new Date().toISOString(),
    text: '',
    deleted: false,
    edited: false,
    files: [],
    state: null,
    ...part,
  });
  return [
    message('1', { from: 'visitor', author: null, text: w.visitor, state: 'read' }),
    message('2', { text: w.answer }),
  ];
}

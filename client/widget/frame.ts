import { Chat } from './chat.ts';
import './frame.css';
import { inMemory, type Keep, openKeep } from './keep.ts';
import type { FromFrame, Language, Page, ToFrame } from './protocol.ts';
import { ring } from './sound.ts';

/**
 * The panel's page at /widget/SITE. It waits for the `hello` of the page it is shown in, and from then on speaks with that window at
 * that origin alone; the server says by `frame-ancestors` which pages these may be.
 */
const site = decodeURIComponent(location.pathname.split('/').pop() ?? '');

let origin = '';
let chat: Chat | null = null;
let keep: Keep | null = null;
let pageLanguage: Language = 'fa';
let insists = false;
let page: Page = { url: '', title: '' };
let shown = false;
let phone = false;
let shownAt = 0;
let told = '';

const post = (message: FromFrame) => parent.postMessage(message, origin);

const close = () => post({ yekja: 'close' });

const language = (): Language => {
  const set = chat?.config?.language;
  return insists || !set || set === 'auto' ? pageLanguage : set;
};

let view: typeof import('./view.tsx') | null = null;
let asksForView = false;

/** The panel itself is fetched when somebody is about to look; a browser that merely has a conversation only listens. */
async function fetchView(): Promise<void> {
  if (asksForView) return;
  asksForView = true;
  try {
    view = await import('./view.tsx');
    draw();
    // Only now can the panel be closed from within: until then the page's own button stays.
    post({ yekja: 'ready' });
  } catch {
    asksForView = false;
    setTimeout(changed, 3_000);
  }
}

function draw(): void {
  if (!chat) return;
  const { config, token, isPreview } = chat;
  if (shown || isPreview || !token) void fetchView();
  view?.draw({ chat, language: language(), shownAt, phone, onClose: close });
  report(config ? { yekja: 'config', config, language: language() } : null);
}

/** What the page is told, when it has changed. */
function report(config: FromFrame | null): void {
  if (!chat || chat.isPreview) return;
  const state: FromFrame[] = [
    ...(config ? [config] : []),
    { yekja: 'unread', count: shown ? 0 : chat.unread },
    // In memory alone, the memory itself is what the page keeps.
    ...(chat.isKept ? [{ yekja: 'keep', value: chat.token && '1' } as const] : []),
  ];
  const next = JSON.stringify(state);
  if (next === told) return;
  told = next;
  state.forEach(post);
}

let asked = false;
/** Changes of one moment are drawn once. */
function changed(): void {
  if (asked) return;
  asked = true;
  queueMicrotask(() => {
    asked = false;
    draw();
  });
}

const look = () => chat?.look(shown && document.visibilityState === 'visible');

function begin(said: Extract<ToFrame, { yekja: 'hello' }>, store: Keep): void {
  keep = store;
  pageLanguage = said.language;
  insists = said.insists;
  page = said.page;
  chat = new Chat({
    site,
    keep: store,
    language,
    page: () => page,
    onChange: changed,
    onMessage(message) {
      post({ yekja: 'message', text: message.text, author: message.author });
      if (chat && !chat.muted && !(shown && document.hasFocus())) ring();
    },
    onRefusedUser: () =>
      post({
        yekja: 'error',
        message: 'identify(): the hash is wrong for this user, so nobody was identified',
      }),
  });
  void chat.start(said.user);
  show(said);
}

function show(said: { shown: boolean; phone: boolean; page: Page }): void {
  if (said.shown && !shown) shownAt += 1;
  ({ shown, phone, page } = said);
  look();
  changed();
}

addEventListener('message', ({ data, source, origin: from }: MessageEvent<ToFrame | undefined>) => {
  if (source !== parent || parent === window || !data?.yekja || (origin && from !== origin)) return;
  if (data.yekja === 'hello') {
    if (chat) return;
    origin = from;
    begin(data, openKeep({ site, kept: data.kept, give: (value) => post({ yekja: 'keep', value }) }));
  } else if (data.yekja === 'preview') {
    if (from !== location.origin) return;
    origin = from;
    preview(data);
  } else if (!origin) return;
  else if (data.yekja === 'shown') show(data);
  else if (data.yekja === 'kept') keep?.take(data.value);
  else if (data.yekja === 'identify') chat?.identify(data.user);
  else if (data.yekja === 'language') {
    pageLanguage = data.language;
    insists = true;
    changed();
  }
});
document.addEventListener('visibilitychange', look);

/**
 * On a page of our own, `?test=1&language=fa` is a visitor who has never been here: for trying a channel out. Elsewhere it is not to be
 * had, because nothing of it is remembered.
 */
function test(): void {
  const asked = new URLSearchParams(location.search);
  if (!asked.has('test') || !isOurs()) return;
  ({ origin } = location);
  const language = asked.get('language') === 'en' ? 'en' : 'fa';
  const where = { url: location.href, title: document.title };
  const hello = {
    yekja: 'hello',
    language,
    insists: true,
    page: where,
    user: undefined,
    shown: true,
  } as const;
  begin(
    { ...hello, phone: false, kept: null },
    inMemory(null, () => undefined),
  );
}

function isOurs(): boolean {
  try {
    return parent.location.origin === location.origin;
  } catch {
    return false;
  }
}
test();

function preview(said: Extract<ToFrame, { yekja: 'preview' }>): void {
  pageLanguage = said.language;
  insists = true;
  chat ??= new Chat({
    site: 'preview',
    // A preview remembers nothing.
    keep: {
      isKept: true,
      get: () => null,
      set: () => undefined,
      keys: () => [],
      onChange: () => undefined,
      take: () => undefined,
    },
    language,
    page: () => page,
    onChange: changed,
    onMessage: () => undefined,
    onRefusedUser: () => undefined,
  });
  chat.preview(said);
}

import type { WidgetConfig } from '../../shared/visitor.ts';
import { textOn } from './colour.ts';
import { sheet } from './loader.css.ts';
import { words } from './loader.words.ts';
import type { FromFrame, Language, ToFrame, Told } from './protocol.ts';

/**
 * What an organisation's page loads: the bubble and, once somebody is about to use it, the frame. It touches nothing of the page:
 * one element at the end of the body, no cookie, no style, no global but `yekja`.
 */

type Event = 'ready' | 'open' | 'close' | 'message' | 'unread' | 'error';
type Listener = (detail: unknown) => void;
type Call = [string, ...unknown[]];

interface Given {
  site?: string;
  language?: Language;
  user?: Told;
  /** Calls made before the loader was there: `['open']`, `['identify', user]`. */
  queue?: Call[];
  open?: unknown;
}

function start(): void {
  const page = window as unknown as { yekja?: Given };
  const root = document.documentElement;
  const script = (document.currentScript ??
    document.querySelector('script[src*="/widget/loader.js"]')) as HTMLScriptElement | null;
  const given = page.yekja ?? {};
  const site = given.site ?? script?.dataset['site'] ?? '';
  // Included twice, the second one has nothing to do.
  if (!script || given.open) return;
  const home = new URL(script.src).origin;
  const small = matchMedia('(max-width:479px)');
  const listeners: [Event, Listener][] = [];
  let { language: chosen, user } = given;
  let config: WidgetConfig | undefined;
  let frame: HTMLIFrameElement | undefined;
  let isLoaded = false;
  let isReady = false;
  let shown = false;
  let unread = 0;

  const host = document.createElement('div');
  const shadow = host.attachShadow({ mode: 'closed' });
  const styles = new CSSStyleSheet();
  styles.replaceSync(sheet);
  shadow.adoptedStyleSheets = [styles];
  const bubble = document.createElement('button');
  const badge = document.createElement('b');
  const line = drawing();
  bubble.append(line.ownerSVGElement ?? '', badge);
  shadow.append(bubble);

  const tell = (event: Event, detail?: unknown) => {
    // Later: the page's own mistakes stop nothing of ours.
    for (const [name, listener] of listeners) if (name === event) setTimeout(listener, 0, detail);
  };
  const complain = (message: string) => {
    // biome-ignore lint/suspicious/noConsole: whoever builds the page has no other way to learn why there is no bubble
    console.warn(`yekja: ${message}`);
    tell('error', { message });
  };

  /** The page's own storage: that there is a conversation, and what the frame may not keep itself. */
  const key = `yekja:${site}`;
  const stored = (change?: string | null) => {
    try {
      if (change) localStorage.setItem(key, change);
      else if (change === null) localStorage.removeItem(key);
      return localStorage.getItem(key);
    } catch {
      // A page that may store nothing begins anew each time.
      return null;
    }
  };

  const language = (): Language => {
    const set = config?.language;
    if (chosen || (set && set !== 'auto')) return (chosen || set) as Language;
    return /^fa/i.test(root.lang || navigator.language) ? 'fa' : 'en';
  };
  const post = (message: ToFrame) => isLoaded && frame?.contentWindow?.postMessage(message, home);
  const around = () => ({
    shown,
    phone: small.matches,
    page: { url: location.href.slice(0, 2000), title: document.title.slice(0, 300) },
  });

  const draw = () => {
    if (!config) return;
    const t = words[language()];
    const { style, classList } = host;
    const isRtl = getComputedStyle(root).direction === 'rtl';
    const count = unread && !shown ? unread.toLocaleString(language() === 'fa' ? 'fa-IR' : 'en') : '';
    classList.toggle('left', isRtl === (config.position !== 'start'));
    style.setProperty('--b', config.colour);
    style.setProperty('--t', textOn(config.colour));
    // On a phone the panel takes what the on-screen keyboard leaves.
    const view = window.visualViewport;
    if (view) {
      style.setProperty('--h', `${view.height}px`);
      style.setProperty('--y', `${view.offsetTop}px`);
    }
    line.setAttribute(
      'd',
      shown ? 'm6 9 6 6 6-6' : 'M21 11.5a8.4 8.4 0 0 1-12.3 7.4L3 21l2.1-5.7A8.4 8.4 0 1 1 21 11.5Z',
    );
    bubble.className = `${shown && 'shown'} ${isReady && 'ready'}`;
    bubble.ariaExpanded = `${shown}`;
    bubble.ariaLabel = shown ? t.close : count ? t.unread(count) : t.open;
    badge.textContent = count;
    if (frame) frame.title = t.frame;
  };

  const load = () => {
    if (frame || !config) return;
    frame = document.createElement('iframe');
    frame.src = `${home}/widget/${encodeURIComponent(site)}`;
    // Again whenever the page moved it about, which loads it anew.
    frame.onload = () => {
      isLoaded = true;
      post({ yekja: 'hello', language: language(), insists: !!chosen, user, kept: stored(), ...around() });
    };
    draw();
    shadow.append(frame);
  };

  const show = (next: boolean) => {
    shown = next;
    if (!config) return;
    if (next) load();
    const hadFocus = document.activeElement === host;
    draw();
    post({ yekja: 'shown', ...around() });
    // Once more with the next frame: what was hidden a moment ago takes no focus before it is drawn.
    if (next) {
      frame?.focus();
      requestAnimationFrame(() => shown && frame?.focus());
    }
    if (!next && hadFocus) bubble.focus();
    tell(next ? 'open' : 'close');
  };

  addEventListener('message', ({ data, origin, source }: MessageEvent<FromFrame | undefined>) => {
    if (origin !== home || !frame || source !== frame.contentWindow || !data) return;
    if (data.yekja === 'ready') isReady = true;
    if (data.yekja === 'close') show(false);
    if (data.yekja === 'config') ({ config } = data);
    if (data.yekja === 'message') tell('message', { text: data.text, author: data.author });
    if (data.yekja === 'error') complain(data.message);
    if (data.yekja === 'keep') stored(data.value);
    if (data.yekja === 'unread' && unread !== data.count) {
      unread = data.count;
      tell('unread', unread);
    }
    draw();
  });

  addEventListener('storage', (event) => event.key === key && post({ yekja: 'kept', value: event.newValue }));

  const methods: Record<string, (...values: never[]) => unknown> = {
    open: () => show(true),
    close: () => show(false),
    toggle: () => show(!shown),
    identify(next: Told) {
      user = next;
      post({ yekja: 'identify', user });
    },
    on(event: Event, listener: Listener) {
      listeners.push([event, listener]);
      if (event === 'ready' && config) setTimeout(listener);
    },
    setLanguage(next: Language) {
      chosen = next;
      draw();
      post({ yekja: 'language', language: next });
    },
  };
  const call = ([name, ...values]: Call) => methods[name]?.(...(values as never[]));
  const earlier = given.queue ?? [];
  page.yekja = Object.assign(given, methods, { queue: { push: call } }) as unknown as Given;
  earlier.forEach(call);

  bubble.onclick = () => show(!shown);
  bubble.onpointerenter = bubble.onfocus = load;
  bubble.onkeydown = ({ key: pressed }) => {
    if (pressed === 'Escape' && shown) show(false);
  };
  small.onchange = () => post({ yekja: 'shown', ...around() });
  window.visualViewport?.addEventListener('resize', draw);
  window.visualViewport?.addEventListener('scroll', draw);

  const watch = new MutationObserver(() => place());
  const place = () => {
    if (host.isConnected) return;
    isLoaded = isReady = false;
    document.body.append(host);
    // A page that changes without loading may put another body in the place of this one.
    for (const each of [root, document.body]) watch.observe(each, { childList: true });
  };
  const begin = () => {
    place();
    tell('ready');
    if (shown) show(true);
    else {
      draw();
      if (stored()) setTimeout(load, 1_000);
    }
  };

  fetch(`${home}/chat/${encodeURIComponent(site)}/config`, { credentials: 'omit' })
    .then(async (answer) => {
      if (!answer.ok) throw answer.status;
      config = await answer.json();
      if (document.body) begin();
      else addEventListener('DOMContentLoaded', begin);
    })
    .catch((error) =>
      complain(
        `no chat for site "${site}" on ${location.origin} (${error}): see its key, allowed origins and connect-src`,
      ),
    );
}

/** The path inside the bubble's drawing. */
function drawing(): SVGPathElement {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  const line = document.createElementNS(space, 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.ariaHidden = 'true';
  svg.append(line);
  return line;
}

start();

/** @jsxImportSource preact */
import { render } from 'preact';
import type { Chat } from './chat.ts';
import { inkOn, textOn } from './colour.ts';
import { Panel } from './panel.tsx';
import type { Language } from './protocol.ts';
import { speechOf } from './speech.ts';

export interface View {
  chat: Chat;
  language: Language;
  /** Rises whenever the panel is opened. */
  shownAt: number;
  phone: boolean;
  onClose: () => void;
}

/** Draws the panel as things are. A chunk of its own: a page whose panel nobody opens does without it. */
export function draw({ chat, language, ...rest }: View): void {
  const speech = speechOf(language);
  const { documentElement: html } = document;
  html.lang = language;
  html.dir = speech.dir;
  document.title = speech.t.title;
  if (chat.config) {
    const { colour } = chat.config;
    html.style.setProperty('--brand', colour);
    html.style.setProperty('--on-brand', textOn(colour));
    html.style.setProperty('--ink-light', inkOn('#ffffff', colour));
    html.style.setProperty('--ink-dark', inkOn('#222a28', colour));
  }
  const root = document.getElementById('root');
  if (root) render(<Panel chat={chat} speech={speech} {...rest} />, root);
}

import type { SignedUser, VisitorMessage, WidgetConfig } from '../../shared/visitor.ts';

/**
 * What the loader (on somebody's page) and the frame (on ours) say to each other. Each side answers only to the other's window at
 * the other's origin: the loader knows ours from its own address; the frame learns the page's from the `hello` that its
 * parent sends, and the server lets it be shown only inside pages of the site's list (`frame-ancestors`).
 */

export type Language = 'fa' | 'en';

/** Who uses the page, as it says itself: undefined, it has not said; null, nobody. */
export type Told = SignedUser | null | undefined;

export interface Page {
  url: string;
  title: string;
}

export type ToFrame =
  | {
      yekja: 'hello';
      /** What the page or its browser speaks, unless the site's settings say otherwise. */
      language: Language;
      /** The page chose the language itself. */
      insists: boolean;
      page: Page;
      user: Told;
      shown: boolean;
      phone: boolean;
      /** What the frame asked to be kept, where the browser lets it keep nothing itself. */
      kept: string | null;
    }
  | { yekja: 'shown'; shown: boolean; phone: boolean; page: Page }
  /** Another tab of the page kept something else. */
  | { yekja: 'kept'; value: string | null }
  | { yekja: 'identify'; user: Told }
  | { yekja: 'language'; language: Language }
  | ({ yekja: 'preview' } & Preview);

export type FromFrame =
  | { yekja: 'ready' }
  | { yekja: 'close' }
  | { yekja: 'config'; config: WidgetConfig; language: Language }
  /** Messages of the team that were not shown yet. */
  | { yekja: 'unread'; count: number }
  | { yekja: 'message'; text: string; author: string | null }
  | { yekja: 'error'; message: string }
  /**
   * For the page to keep: null when this browser has no conversation here, else what the frame may not keep itself, or a mere
   * sign. The next page that finds anything loads the frame without being asked, to learn of what is unread.
   */
  | { yekja: 'keep'; value: string | null };

/** For the designer: how the panel would look; accepted from our own origin alone. */
export interface Preview {
  config: WidgetConfig;
  language: Language;
  messages: VisitorMessage[];
}

/** Where somebody left the steps of a channel, and what they had typed before it existed. This tab's and this browser's alone. */

export const wizardSteps = ['choose', 'connect', 'test', 'routing', 'done'] as const;
export type WizardStep = (typeof wizardSteps)[number];
/** Steps of a channel that exists. */
export type SetupStep = Exclude<WizardStep, 'choose'>;
const setupSteps: readonly string[] = wizardSteps.slice(1);

export function setupStepOf(text: string | null): SetupStep | null {
  return text !== null && setupSteps.includes(text) ? (text as SetupStep) : null;
}

const progressKey = (channelId: string) => `yekja.setup.${channelId}`;
const typedKey = (connector: string) => `yekja.connect.${connector}`;

/** A browser may refuse its storage: then nothing is remembered, and everything works all the same. */
function within<T>(deed: () => T, otherwise: T): T {
  try {
    return deed();
  } catch {
    return otherwise;
  }
}

/** The step that comes next; null when the steps were finished, or never begun in this browser. */
export function unfinishedStep(channelId: string): SetupStep | null {
  return within(() => setupStepOf(localStorage.getItem(progressKey(channelId))), null);
}

export function rememberStep(channelId: string, step: SetupStep): void {
  within(() => {
    if (step === 'done') localStorage.removeItem(progressKey(channelId));
    else localStorage.setItem(progressKey(channelId), step);
  }, undefined);
}

export interface Typed {
  name: string;
  /** Without secrets: those are not written down anywhere but at the server. */
  values: Record<string, string | number | boolean>;
}

export function rememberTyped(connector: string, typed: Typed | null): void {
  within(() => {
    if (typed) sessionStorage.setItem(typedKey(connector), JSON.stringify(typed));
    else sessionStorage.removeItem(typedKey(connector));
  }, undefined);
}

export function typedBefore(connector: string): Typed | null {
  return within(() => {
    const read: unknown = JSON.parse(sessionStorage.getItem(typedKey(connector)) ?? 'null');
    if (typeof read !== 'object' || read === null || !('name' in read) || !('values' in read)) return null;
    const { name, values } = read;
    if (typeof name !== 'string' || typeof values !== 'object' || values === null) return null;
    const known = Object.entries(values).filter(([, value]) =>
      ['string', 'number', 'boolean'].includes(typeof value),
    );
    return { name, values: Object.fromEntries(known) };
  }, null);
}

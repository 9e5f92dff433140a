import type { Rules } from '../meta/errors.ts';

const auth = { class: 'auth' } as const;
const haste = { class: 'rateLimited' } as const;
const later = { class: 'retryable' } as const;

/** WhatsApp's own error codes (Meta: WhatsApp Cloud API, Error Codes). What stands nowhere is permanent. */
export const rules: Rules = {
  '0': auth,
  '3': { ...auth, explain: 'The token lacks a permission.' },
  '10': { ...auth, explain: 'The token lacks a permission.' },
  '200': { ...auth, explain: 'The token lacks a permission.' },
  '368': { ...auth, explain: 'Meta has restricted the WhatsApp Business Account.' },
  '130429': haste,
  '131048': haste,
  '133016': haste,
  // Too much to this one person, and no other's business.
  '131056': later,
  '131000': later,
  '131016': later,
  '131057': later,
  '135000': later,
  '131026': {
    class: 'permanent',
    unreachable: true,
    explain:
      'WhatsApp cannot deliver to this number: it is not on WhatsApp, has an old version, or blocked you.',
  },
  '131031': { ...auth, explain: 'Meta has locked the WhatsApp Business Account.' },
  '131042': { ...auth, explain: 'There is a problem with how the WhatsApp Business Account pays.' },
  '131045': { ...auth, explain: 'The number is not registered for the Cloud API.' },
  '133010': { ...auth, explain: 'The number is not registered for the Cloud API.' },
  '131047': {
    class: 'windowClosed',
    explain: 'More than 24 hours have passed since this person last wrote: only a template may be sent.',
  },
  '131049': {
    class: 'permanent',
    explain: 'WhatsApp held this message back, for this person has had many of its kind from businesses.',
  },
  '131050': { class: 'permanent', explain: 'This person wants no marketing messages from you.' },
  '132001': {
    class: 'permanent',
    explain: 'There is no such template in this language, or it is not approved.',
  },
  '132015': { class: 'permanent', explain: 'The template is paused for its low quality.' },
  '132016': { class: 'permanent', explain: 'The template is disabled for its low quality.' },
};

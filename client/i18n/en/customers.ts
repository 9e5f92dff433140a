import { count, iso, ltrIso } from '../words.ts';

/** Empty: of somebody whom the reader may not see. */
const recordNamed = (name: string) => (name ? `“${iso(name)}”` : 'another record');

/** Customers: their list, the 360 view, their history and profile, and search. */
export const customers = {
  customersArea: {
    label: 'Parts of the customers',
    all: 'All customers',
    segments: 'Segments',
    companies: 'Companies',
    duplicates: 'Duplicates',
    quality: 'Data quality',
    imports: 'Imports',
  },
  searchPage: {
    title: 'Search everything',
    placeholder: 'A name, a number, an order, or words of a message',
    kinds: 'Search in',
    kind: {
      all: 'Everything',
      customers: 'Customers',
      messages: 'Messages',
      records: 'Purchases and services',
    },
    record: { purchase: 'Purchase', service: 'Service' },
    note: 'Note',
    by: (name: string | null) => (name ? `by ${iso(name)}` : 'by us'),
    unwanted: 'Spam or blocked',
    more: 'Show more',
    others: 'Other customers match too. Type more of the name or number, or',
    allNamed: 'see everybody with this in their name.',
    recent: 'Recent searches',
    beforeTitle: 'What are you looking for?',
    hint: 'The beginning of a word is enough. Persian letters, half-spaces and digits are found however they are typed; four digits of a phone number will do.',
    nothing: (q: string) => `Nothing found for “${iso(q)}”`,
    nothingText: 'Try a shorter word or another spelling. New messages can be found after a second or two.',
    failed: 'The search did not work',
  },

  customerList: {
    segment: 'Segment',
    sort: 'Order',
    sorts: {
      name: 'Name',
      lastAt: 'Latest contact',
      spent: 'Most spent',
      completeness: 'Least complete',
      createdAt: 'Newest customer',
    },
    columns: {
      customer: 'Customer',
      belongs: 'Company and tags',
      lastAt: 'Last contact',
      spent: 'Purchases',
      completeness: 'Completeness',
    },
    comma: ', ',
    purchases: (n: number) => count(n, 'purchase'),
    noPurchase: 'No purchases',
    loadFailed: 'The customers could not be loaded',
    emptyTitle: 'No customers yet',
    emptyText: 'Whoever writes comes here by themselves. You can also add customers by hand or from a file.',
    named: (name: string) => `“${iso(name)}” in the name`,
    emptyNamed: (name: string) => `Nobody has “${iso(name)}” in the name`,
    emptySegment: (name: string) => `Nobody is in “${iso(name)}”`,
    emptySegmentText: 'Look at the conditions of this segment again.',
  },

  createCustomer: {
    title: 'New customer',
    knownBy: 'Known by',
    create: 'Create',
    reason: 'Given when the record was made',
    done: (name: string) => `The record of “${iso(name)}” was made`,
  },

  completeness: {
    of: (share: string) => `Completeness of the record: ${share}`,
  },

  identityKind: {
    mobile: 'Mobile',
    smsLine: 'SMS line',
    emailAddress: 'Email',
    unprovenAddress: 'Unproven email',
    telegramUser: 'Telegram',
    baleUser: 'Bale',
    webVisitor: 'Web chat',
    siteUser: 'User of the site',
    leftAddress: 'Email they left',
    leftMobile: 'Mobile they left',
    xUser: 'X',
    instagramUser: 'Instagram',
    messengerUser: 'Messenger',
    whatsappUser: 'WhatsApp',
    phone: 'Phone',
    nationalCode: 'National code',
    customerNumber: 'Customer number',
    username: 'Username',
  },

  yes: 'Yes',
  no: 'No',

  profileField: {
    consent: 'Consent',
    consentOn: (channel: string) => `Consent on ${channel}`,
    name: 'Name',
    birthday: 'Birthday',
    language: 'Language',
    city: 'City',
    address: 'Address',
    job: 'Job',
    preferredChannels: 'Preferred channel',
    hours: 'Contact hours',
    concerns: 'Concerns',
    likes: 'Preferences',
    companyIds: 'Companies',
    tagIds: 'Tags',
    'advocate.stage': 'Advocate stage',
    'advocate.owner': 'Advocate owner',
    'advocate.nextTask': 'Next task with the advocate',
    custom: 'Custom field',
  },

  editedBy: {
    agent: 'A colleague',
    api: 'A program with an API key',
    import: 'An import',
    merge: 'A merge',
    channel: 'A channel',
  },

  proof: {
    transport: 'They wrote from it',
    code: 'Verified by a code',
    sharedContact: 'They shared their number in Telegram',
    signed: 'Your site signed for it',
    agentVerified: 'Verified by a colleague, with a reason',
    agent: 'Added by a colleague',
    import: 'Came from a file',
    api: 'Added by another program',
  },

  unproven: {
    leftAddress: 'Left in web chat; not verified',
    leftMobile: 'Left in web chat; not verified',
    unprovenAddress: 'The sender of the email could not be verified',
  },

  history: {
    quoted: (text: string) => `“${iso(text)}”`,
    aCompany: 'a company',
    title: 'Service history',
    search: 'Search in this history',
    channel: 'Channel',
    allChannels: 'All channels',
    kinds: 'What to show',
    groups: {
      messages: 'Messages',
      notes: 'Notes',
      calls: 'Calls',
      purchases: 'Purchases',
      services: 'Services',
      rewards: 'Rewards and quotes',
      changes: 'Changes',
    },
    goToDay: 'Go to a date',
    day: 'Date',
    go: 'Go',
    from: (day: string) => `From ${day}`,
    toNewest: 'Go to the newest',
    open: 'Open conversation',
    call: 'Phone call',
    status: { open: 'Open', done: 'Done', cancelled: 'Cancelled', returned: 'Returned' },
    pieces: (n: string) => `× ${n}`,
    moreItems: (n: number) => `and ${count(n, 'more item')}`,
    merged: (who: string | null, gone: string, stays: string) => {
      const [one, other] = [recordNamed(gone), recordNamed(stays)];
      return who ? `${iso(who)} merged ${one} into ${other}` : `${one} was merged into ${other}`;
    },
    unmerged: (who: string | null, gone: string, stays: string) => {
      const [one, other] = [recordNamed(gone), recordNamed(stays)];
      return who
        ? `${iso(who)} un-merged ${one} from ${other}: they are two records again`
        : `${one} was un-merged from ${other}: they are two records again`;
    },
    edited: (who: string, field: string, before: string | null, after: string | null) =>
      after === null
        ? `${iso(who)} emptied “${field}”${before ? `, which was ${before}` : ''}`
        : `${iso(who)} set “${field}” to ${after}${before ? `, which was ${before}` : ''}`,
    verified: (kind: string, display: string, proof: string) => `${proof}: ${kind} ${display}`,
    did: {
      added: (who: string, what: string) => `${iso(who)} added ${what}`,
      removed: (who: string, what: string) => `${iso(who)} removed ${what}`,
      restored: (who: string, what: string) => `${iso(who)} brought ${what} back`,
      blocked: (who: string, what: string) => `${iso(who)} blocked ${what}`,
      unblocked: (who: string, what: string) => `${iso(who)} unblocked ${what}`,
      verified: (who: string, what: string, reason: string) => `${iso(who)} verified ${what}: ${iso(reason)}`,
      unverified: (who: string, what: string) => `${iso(who)} took back the verification of ${what}`,
      unreachable: (who: string, what: string) => `${iso(who)} noted that nobody is reached at ${what}`,
      reachable: (who: string, what: string) => `${iso(who)} noted that they are reached at ${what}`,
      changed: (who: string, what: string, list: string) => `${iso(who)} changed ${what}: ${list}`,
    },
    recordOf: (kind: string, title: string) =>
      `${kind} “${iso(title)}”`.replace(/^\p{Lu}/u, (letter) => letter.toLowerCase()),
    fromTo: (field: string, before: string, after: string) =>
      before && after
        ? `${field} from ${before} to ${after}`
        : after
          ? `${field} to ${after}`
          : before
            ? `${field} emptied, which was ${before}`
            : field,
    recordField: {
      at: 'date',
      title: 'title',
      amount: 'amount',
      currency: 'currency',
      items: 'items',
      status: 'status',
      statusText: 'status in your own words',
      note: 'note',
      referralCode: 'referral code',
    },
    points: (n: string) => `${n} points`,
    couponOf: (list: string) => `a code of “${iso(list)}”`,
    thanks: 'words of thanks',
    rewarded: (who: string, what: string) => `${iso(who)} gave ${what}`,
    rewardUndone: (who: string, what: string) => `${iso(who)} took back ${what}`,
    rewardFor: (reason: string) => `For: ${iso(reason)}`,
    testimonial: {
      asked: (who: string | null) => `${who ? iso(who) : 'A colleague'} asked to quote these words`,
      given: (who: string | null) =>
        who ? `Agreed to be quoted, as ${iso(who)} recorded` : 'Agreed to be quoted',
      refused: (who: string | null) =>
        who ? `Refused to be quoted, as ${iso(who)} recorded` : 'Refused to be quoted',
      withdrawn: (who: string | null) =>
        who
          ? `Took back the leave to be quoted, as ${iso(who)} recorded`
          : 'Took back the leave to be quoted',
    },
    loadFailed: 'The history of this customer could not be loaded',
    emptyTitle: 'Nothing in the history yet',
    emptyText: 'Messages, purchases and whatever happens with this customer come here.',
    noneFound: 'Nothing found with this filter',
    noneFoundText: 'Take filters away, or search for another word.',
  },

  customerPage: {
    back: 'All customers',
    notFoundTitle: 'This customer was not found',
    notFoundText: 'The address may be wrong, or their conversations are not on your channels.',
    loadFailed: 'The record of this customer could not be loaded',
    openConversation: 'Open conversation',
    lastConversation: 'Open the last conversation',
    record: 'Record',
    merged: (name: string) => `This record was merged into “${iso(name)}”.`,
    askNext: 'Ask next:',
    spent: (sum: string, n: number) => `${sum} in ${count(n, 'purchase')}`,
  },

  writing: {
    button: 'New message',
    more: 'Other ways to write',
    another: 'Choose a contact point',
    title: (name: string) => `New message to ${iso(name)}`,
    goes: (channel: string, display: string) => `By ${iso(channel)} to ${ltrIso(display)}`,
    points: 'Contact point',
    chosen: 'Preferred channel',
    learnt: 'Writes to us here',
    templates: 'Only templates now',
    nothing: 'Nothing can be said until they write',
    optedOut: 'Opted out',
    none: 'None of your connected channels reaches this customer. Add a contact point to the record, or ask an administrator to connect a channel.',
    refused:
      'This customer opted out of messages on the channels that reach them. If you have to write, choose a contact point yourself.',
    closed:
      'This customer cannot be written to now on any of your channels. Wait until they write, or add another contact point to the record.',
    loadFailed: 'The contact points could not be loaded.',
    outside: (days: string | null, from: string, to: string) =>
      `They prefer to be written to ${days ? `on ${days}, ` : ''}from ${from} to ${to}.`,
  },
};

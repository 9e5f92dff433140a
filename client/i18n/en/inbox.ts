import type { inbox as source } from '../fa/inbox.ts';
import { count, en, iso } from '../words.ts';

export const inbox = {
  inbox: {
    title: 'Inbox',
    list: 'Conversations',
    timeline: 'Timeline',
    composer: 'Write a reply',
    customer: 'Customer',
    toggleViews: 'Show or hide the views',
    toggleCustomer: 'Show or hide the customer',
    backToList: 'Back to the list',
    nothingOpen: 'No conversation open',
    nothingOpenText: 'Choose a conversation from the list.',
    goneTitle: 'You cannot see this conversation',
    goneText: 'It may have moved, or its channel is not one of yours.',
    openSuccessor: 'Open the new conversation',
    newConversation: 'New conversation',
    openActive: 'Open that conversation',
  },

  begin: {
    channel: 'Channel',
    address: 'Address of the customer',
    or: ' or ',
    help: {
      mobile: 'Write the number with a leading zero or with the country code.',
      emailAddress: 'As in name@example.com.',
    },
    wrong: {
      mobile: 'Enter the whole mobile number.',
      emailAddress: 'An email looks like name@example.com.',
    },
    active: 'This customer has an open conversation.',
    known: 'Choose one of the customers',
    toAddress: 'Write to a new address',
    begun: (channel: string) => `A new conversation began on the channel “${iso(channel)}”`,
  },

  row: {
    you: 'You:',
    colleague: (name: string) => `${iso(name)}:`,
    note: 'Note:',
    draft: 'Draft',
    unread: 'Unread',
    unreadCount: (n: number) => count(n, 'unread message'),
    waiting: (duration: string) => `Waiting for ${duration}`,
    attachments: (n: number) => count(n, 'attachment'),
    noMessages: 'No messages',
    undelivered: 'A message was not sent',
    negative: 'The customer’s last message is negative',
    call: 'Telephone call',
    assignedTo: (name: string) => `Assigned to ${iso(name)}`,
    unassigned: 'Unassigned',
    viewing: (names: string) => `${names} viewing`,
    snoozedUntil: (date: string) => `Snoozed until ${date}`,
    status: { open: 'Open', snoozed: 'Snoozed', resolved: 'Resolved', continued: 'Continued', spam: 'Spam' },
    newActivity: (n: number) => count(n, 'new conversation'),
    select: 'Select conversation',
    unnamed: 'Unnamed customer',
  },

  timeline: {
    newMessages: 'New messages',
    late: (n: number) => `${count(n, 'message')} arrived late`,
    lateMark: 'Arrived late',
    jumpToLate: 'Go to the late message',
    jumpToLatest: 'Jump to latest',
    newBelow: (n: number) => count(n, 'new message'),
    loadOlderFailed: 'Older messages could not be loaded',
    beginning: 'The beginning of this customer’s history',
    loadFailed: 'The timeline could not be loaded',
    emptyTitle: 'No messages yet',
    emptyText: 'Write the first one.',
    events: (n: number) => count(n, 'event'),
    conversationLine: (date: string) => `Conversation of ${date}`,
    note: 'Note',
    noteOnly: 'Only colleagues see this',
    edited: 'Edited',
    deleted: 'The sender deleted this message.',
    sentElsewhere: 'Sent from elsewhere',
    automatic: 'Automatic message',
    reactedWith: (name: string, emoji: string) => `${iso(name)} reacted with ${emoji}`,
    messageMenu: 'Message actions',
    copyText: 'Copy text',
    quote: 'Reply to this message',
    showOriginal: 'Show the original message',
    newInbound: (name: string, text: string) => `New message from ${iso(name)}: ${iso(text)}`,
    photo: 'Photo',
    audio: 'Audio',
    play: 'Play',
    pause: 'Pause',
    speed: (times: string) => `Playing speed: ${times}`,
    file: 'File',
    attachmentPending: 'Fetching attachment…',
    attachmentFailed: 'The attachment could not be fetched',
    download: 'Download file',
    openImage: (name: string) => `Open image ${iso(name)}`,
  },

  event: {
    begun: (who: string | null) => (who ? `${iso(who)} began the conversation` : 'Conversation begun'),
    assigned: (who: string | null, to: string) =>
      who ? `${iso(who)} assigned this to ${iso(to)}` : `Assigned to ${iso(to)}`,
    assignedToSelf: (who: string) => `${iso(who)} took this conversation`,
    unassigned: (who: string | null) => (who ? `${iso(who)} removed the assignee` : 'Assignee removed'),
    snoozed: (who: string | null, until: string) =>
      who ? `${iso(who)} snoozed this until ${until}` : `Snoozed until ${until}`,
    wokenByMessage: 'Woken by a message from the customer',
    wokenByTime: 'The snooze has ended',
    wokenByAgent: (who: string) => `${iso(who)} ended the snooze`,
    resolved: (who: string | null) =>
      who ? `${iso(who)} resolved the conversation` : 'Conversation resolved',
    reopenedByMessage: 'Reopened by a message from the customer',
    reopenedByAgent: (who: string) => `${iso(who)} reopened the conversation`,
    reopenedByReply: (who: string) => `Reopened by ${iso(who)}’s reply`,
    linked: (who: string | null, identity: string | null) => {
      const what = identity ? iso(identity) : 'another record';
      return who ? `${iso(who)} linked ${what}` : `${what} linked`;
    },
    unmerged: (who: string | null, name: string | null) => {
      const from = name ? ` from ${iso(name)}` : '';
      return who ? `${iso(who)} took the merge back: apart${from} again` : `Apart${from} again`;
    },
    teamed: (who: string | null, team: string) =>
      who ? `${iso(who)} gave this to the team ${iso(team)}` : `Given to the team ${iso(team)}`,
    unteamed: (who: string | null) =>
      who ? `${iso(who)} took this out of its team` : 'Taken out of its team',
    prioritised: (who: string | null, level: string) =>
      who ? `${iso(who)} set the priority to ${level}` : `Priority set to ${level}`,
    tagged: (who: string | null, tags: string) =>
      who ? `${iso(who)} added the tag ${tags}` : `Tag ${tags} added`,
    untagged: (who: string | null, tags: string) =>
      who ? `${iso(who)} removed the tag ${tags}` : `Tag ${tags} removed`,
    splitTo: (who: string | null, n: number) =>
      who ? `${iso(who)} split off ${count(n, 'message')}` : `${count(n, 'message')} split off`,
    splitFrom: (who: string | null, n: number) =>
      who
        ? `${iso(who)} split this conversation off with ${count(n, 'message')}`
        : `Split off with ${count(n, 'message')}`,
    broughtBack: (who: string | null, n: number) =>
      who ? `${iso(who)} brought back ${count(n, 'message')}` : `${count(n, 'message')} brought back`,
    broughtBackTo: (who: string | null) =>
      who ? `${iso(who)} took the messages back to where they were` : 'The messages are back where they were',
    spam: (who: string | null) => (who ? `${iso(who)} marked this as spam` : 'Marked as spam'),
    notSpam: (who: string | null) =>
      who ? `${iso(who)} brought this back from spam` : 'Brought back from spam',
    blocked: (who: string | null, identity: string) =>
      who ? `${iso(who)} blocked ${iso(identity)}` : `${iso(identity)} blocked`,
    unblocked: (who: string | null, identity: string) =>
      who ? `${iso(who)} unblocked ${iso(identity)}` : `${iso(identity)} unblocked`,
    codeSent: (who: string | null, to: string) =>
      who ? `${iso(who)} sent a code to ${iso(to)}` : `A code was sent to ${iso(to)}`,
    verified: (who: string | null, to: string) =>
      who
        ? `${iso(who)} verified ${iso(to)} by the customer’s code`
        : `The customer verified ${iso(to)} by a code`,
    handedOver: (who: string | null) =>
      who ? `${iso(who)} took this from public to private` : 'This went from public to private',
    mentionsCame: (n: number) => `${count(n, 'earlier mention')} came along`,
    followedUp: (channel: string) => `Unread replies were sent by ${iso(channel)}`,
    continuedIn: 'This conversation goes on in another one',
    continuedFrom: 'Continues an earlier conversation',
  },

  delivery: {
    state: {
      queued: 'Queued',
      sending: 'Sending',
      sent: 'Sent',
      delivered: 'Delivered',
      read: 'Read',
      failed: 'Not sent',
      unknown: 'Outcome unknown',
    },
    waiting: 'Waiting for a connection',
    pieces: (sent: number, of: number) => `${en(sent)} of ${count(of, 'part')} sent`,
    nextTry: (time: string) => `Next try: ${time}`,
    attempt: (n: number) => `Attempt ${en(n)}`,
    retry: 'Try again',
    copy: 'Copy text',
    cancel: 'Cancel sending',
    cancelled: 'Sending was cancelled',
    resend: 'Resend',
    markSent: 'Mark as sent',
    unknownTitle: 'This message may or may not have arrived',
    unknownText:
      'The connection to the provider broke before its answer came. If the customer has seen the message, mark it as sent; otherwise resend it.',
    confirmTitle: 'This message has waited for more than a day',
    confirmText: 'The channel is connected again. Should this message still be sent?',
    sendNow: 'Send',
    moveToActive: 'Move to the open conversation',
    reason: {
      retryable: 'The provider did not answer.',
      rateLimited: 'The provider is limiting how much we send.',
      permanent: 'The provider refused this message.',
      auth: 'The channel has lost its access. An administrator must connect it again.',
      windowClosed: 'The time to reply on this channel has passed.',
      unknown: 'The outcome is unknown.',
    },
  },

  composer: {
    reply: 'Reply',
    note: 'Note',
    mode: 'Kind of text',
    replyPlaceholder: 'Write your reply…',
    notePlaceholder: 'A note for colleagues; the customer does not see it.',
    textLabel: 'Text of the reply',
    noteLabel: 'Text of the note',
    send: 'Send',
    sendAndResolve: 'Send and resolve',
    sendMenu: 'Ways to send',
    addNote: 'Add note',
    to: 'To',
    target: 'Where the reply goes',
    targetOf: (channel: string, address: string) => `${iso(channel)}, ${iso(address)}`,
    noTarget: 'There is no working way to reach this customer.',
    unreachable: 'This address no longer accepts messages.',
    channelPaused: 'This channel is paused.',
    removeQuote: 'Remove quote',
    attach: 'Attach a file',
    dropHere: 'Drop the file here',
    removeAttachment: (name: string) => `Remove attachment ${iso(name)}`,
    uploading: (percent: string) => `Uploading ${percent}`,
    noAttachments: 'This channel takes no attachments.',
    tooManyFiles: (n: number) => `This channel takes at most ${count(n, 'attachment')} a message.`,
    fileEmpty: (name: string) => `There is nothing in ${iso(name)}.`,
    fileFailed: (name: string) => `${iso(name)} was not uploaded. Try again, or take it away.`,
    fileTooLarge: (name: string, limit: string) => `${iso(name)} is larger than ${limit}.`,
    fileType: (name: string) => `This channel takes no files like ${iso(name)}.`,
    characters: (used: number, limit: number) => `${en(used)} of ${count(limit, 'character')}`,
    parts: (parts: number) => count(parts, 'SMS part'),
    partsDetail: (left: number, parts: number) => `${count(left, 'character')} left in part ${en(parts)}`,
    splitInto: (n: number) => `Will be sent as ${count(n, 'message')}`,
    draftSaved: 'Draft saved',
    draftSaving: 'Saving draft…',
    draftLocal: 'Draft saved in this browser',
    discardDraft: 'Discard draft',
    sendWithEnter: 'Enter sends; Shift+Enter starts a line',
    sendWithCtrlEnter: 'Ctrl+Enter sends',
    resolvedHint: 'This conversation is resolved; your reply reopens it.',
    continuedHint: 'This conversation goes on in another one; your reply will be written there.',
    offlineHint: 'The message waits and is sent as soon as the connection is back.',
  },

  assign: {
    title: 'Assign conversation',
    button: 'Assignee',
    toMe: 'Assign to me',
    nobody: 'Unassigned',
    assigned: (name: string) => `Assigned to ${iso(name)}`,
    assignedToMe: 'Assigned to you',
    unassigned: 'Now unassigned',
  },

  snooze: {
    title: 'Snooze conversation',
    button: 'Snooze',
    hour: 'In one hour',
    laterToday: 'Later today',
    tomorrow: 'Tomorrow at 09:00',
    saturday: 'Saturday at 09:00',
    nextWeek: 'In a week, at 09:00',
    pick: 'Pick date and time…',
    until: 'Snooze until',
    past: 'Choose a time after now.',
    done: (until: string) => `Snoozed until ${until}`,
    wake: 'End snooze',
    woken: 'Snooze ended',
  },

  resolve: {
    button: 'Resolve',
    done: 'Conversation resolved',
    reopen: 'Reopen',
    reopened: 'Conversation reopened',
    markUnread: 'Mark unread',
    markedUnread: 'Marked unread',
  },

  collision: {
    title: 'A colleague has replied',
    text: (name: string) => `${iso(name)} replied in this conversation after you began to write.`,
    theirReply: 'Their reply',
    yourReply: 'Your reply',
    sendAnyway: 'Send anyway',
    edit: 'Edit',
    discard: 'Discard my reply',
  },

  presence: {
    viewing: (names: string) => `${names} viewing this conversation`,
    replying: (name: string) => `${iso(name)} is writing a reply`,
    noting: (name: string) => `${iso(name)} is writing a note`,
    customerTyping: 'The customer is typing…',
    online: 'On the site now',
    onPage: 'Page:',
    lastPage: 'Last page:',
  },
} satisfies typeof source;

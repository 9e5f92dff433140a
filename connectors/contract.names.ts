/** Where the code of a connector names what its provider tells, and which of it no sample can show. */
export interface Naming {
  /** Read in the source, so that a kind of event that is read from now on has a sample from now on. */
  named: { file: string; by: RegExp }[];
  /** Kinds that the provider documents and that the code knows by the beginning of their names. */
  also: string[];
  /** Name → why there is no sample. */
  without: Record<string, string>;
}

const botUpdates = { file: 'telegram/inbound.ts', by: /case '(\w+)'/g };
const metaMessaging = { file: 'meta/messaging.ts', by: /object\(item\.(\w+)\)/g };
const unheard = 'Bale tells no bot of it';

/** Connectors that are not here are told what happened by the shape of a request, not by a name. */
export const eventNames: Record<string, Naming> = {
  telegram: { named: [botUpdates], also: [], without: {} },
  bale: {
    named: [botUpdates],
    also: [],
    without: {
      message_reaction: unheard,
      my_chat_member: unheard,
      channel_post: 'it comes as a message in a chat of the type channel',
      edited_channel_post: 'it comes as a message in a chat of the type channel',
    },
  },
  whatsapp: {
    named: [
      { file: 'whatsapp/content.ts', by: /^ {2}(\w+): \{ name:|case '(\w+)'/gm },
      {
        file: 'whatsapp/inbound.ts',
        by: /kind [!=]== '(\w+)'|^ {2}(\w+): '(?:sent|delivered|read|failed)'/gm,
      },
    ],
    also: ['smb_message_echoes', 'message_template_status_update'],
    without: {},
  },
  messenger: {
    named: [metaMessaging, { file: 'messenger/feed.ts', by: /(?:item|verb) [!=]== '(\w+)'/g }],
    also: ['standby', 'optin', 'pass_thread_control'],
    without: {},
  },
  instagram: {
    named: [metaMessaging],
    also: ['comments', 'live_comments', 'mentions', 'story_mention', 'story'],
    without: {
      message_edit: 'Instagram tells of no edit',
      delivery: 'Instagram tells of no delivery',
    },
  },
  x: {
    named: [
      {
        file: 'x/split.ts',
        by: /'((?:direct_message|tweet)(?:_[a-z]+)*_events|favorite_events|follow_events|(?:post|dm)\.[a-z_]+)'/g,
      },
    ],
    also: ['post.create', 'post.mention.create', 'dm.received', 'dm.sent', 'user_event', 'MessageCreate'],
    without: {},
  },
  phone: {
    named: [],
    also: ['ringing', 'answered', 'ended', 'missed', 'busy', 'voicemail', 'NO ANSWER'],
    without: {},
  },
};

import { object, text as textOf } from './json.ts';
import type { Webhooks } from './simulator.push.ts';
import { type Answer, dmEvents, ok, onePost, problem, search, timeline, tooLong } from './simulator.read.ts';
import { user } from './simulator.shapes.ts';
import type { SimulatedDirect, SimulatedPost, StoredMedia, World } from './simulator.world.ts';

export interface Asked {
  method: string;
  url: URL;
  /** JSON; of a form with a file, its fields. */
  body: Record<string, unknown>;
  /** The file of a form. */
  file: Buffer | null;
  /** In whose name. */
  as: 'account' | 'app';
}

interface Upload {
  type: string;
  category: string;
  total: number;
  chunks: Buffer[];
  stored: StoredMedia | null;
}

/** The methods of the v2 API that this product calls. */
export class Api {
  private readonly uploads = new Map<string, Upload>();
  private subscribed = false;

  constructor(
    private readonly options: {
      world: World;
      webhooks: Webhooks;
      now: () => Date;
      onDirect: (direct: SimulatedDirect) => void;
      onPost: (post: SimulatedPost) => void;
      /** Where a registered hook's calls really go. */
      routeOf: (url: string) => string;
    },
  ) {}

  /** The method's short name, by which faults and limits are told apart. */
  nameOf(method: string, path: string): string {
    const names: [RegExp, string][] = [
      [/^GET \/2\/users\/me$/, 'users/me'],
      [/^GET \/2\/dm_events$/, 'dm_events'],
      [/^GET \/2\/users\/\d+\/mentions$/, 'mentions'],
      [/^GET \/2\/users\/\d+\/tweets$/, 'tweets'],
      [/^GET \/2\/tweets\/\d+$/, 'tweet'],
      [/^GET \/2\/tweets\/search\/recent$/, 'search'],
      [/^POST \/2\/dm_conversations\/with\/\d+\/messages$/, 'dm/send'],
      [/^POST \/2\/tweets$/, 'tweets/create'],
      [/^POST \/2\/media\/upload\/initialize$/, 'media/initialize'],
      [/^POST \/2\/media\/upload\/\d+\/append$/, 'media/append'],
      [/^POST \/2\/media\/upload\/\d+\/finalize$/, 'media/finalize'],
      [/^GET \/2\/media\/upload$/, 'media/status'],
      [/^(GET|POST) \/2\/webhooks$/, 'webhooks'],
      [/^PUT \/2\/webhooks\/\d+$/, 'webhooks'],
      [/^POST \/2\/account_activity\/webhooks\/\d+\/subscriptions\/all$/, 'subscriptions'],
    ];
    return names.find(([pattern]) => pattern.test(`${method} ${path}`))?.[1] ?? '';
  }

  async run(name: string, asked: Asked): Promise<Answer> {
    const { world, now } = this.options;
    const { account } = world;
    const query = asked.url.searchParams;
    const parts = asked.url.pathname.split('/');
    if ((name === 'webhooks') !== (asked.as === 'app')) {
      return problem(403, 'Authenticating with this kind of key is forbidden for this endpoint.', {
        type: 'https://api.twitter.com/2/problems/unsupported-authentication',
      });
    }
    switch (name) {
      case 'users/me':
        return ok({ data: user(account) });
      case 'dm_events':
        return dmEvents(world, query, now());
      case 'mentions':
      case 'tweets': {
        if (parts[3] !== account.id) return problem(403, 'You may read this of yourself only.');
        const which = (post: SimulatedPost): boolean => {
          if (name === 'tweets') return post.author.id === account.id && post.repostOf === null;
          return post.author.id !== account.id && post.repostOf === null && concerns(post, world);
        };
        return timeline(world, which, query);
      }
      case 'tweet':
        return onePost(world, parts[3] ?? '', query);
      case 'search':
        return search(world, query, now());
      case 'dm/send':
        return this.sendDirect(parts[4] ?? '', asked.body);
      case 'tweets/create':
        return this.createPost(asked.body);
      case 'webhooks':
        return this.hooks(asked);
      case 'subscriptions':
        this.subscribed = true;
        return ok({ data: { subscribed: this.subscribed } });
      default:
        return name.startsWith('media/')
          ? this.media(name, asked)
          : problem(404, 'There is no such resource.');
    }
  }

  private sendDirect(to: string, body: Record<string, unknown>): Answer {
    const { world } = this.options;
    const recipient = world.people.get(to);
    const said = textOf(body.text) ?? '';
    const [named] = Array.isArray(body.attachments) ? body.attachments : [];
    const media = this.stored(textOf(object(named)?.media_id), 'dm_');
    if (!recipient)
      return problem(400, 'One or more parameters to your request was invalid: participant_id.');
    if (recipient.closed) return problem(403, 'You do not have permission to DM one or more participants.');
    if (media === undefined) return problem(400, 'Your media IDs are invalid.');
    if (said.length > 10_000 || (!said.trim() && !media))
      return problem(400, 'The text is missing or too long.');
    if (media) Object.assign(media, { for: recipient.id });
    const direct = world.direct(world.account, recipient, said, media);
    this.options.onDirect(direct);
    return ok({ data: { dm_conversation_id: direct.talk, dm_event_id: direct.id } }, 201);
  }

  private createPost(body: Record<string, unknown>): Answer {
    const { world } = this.options;
    const said = textOf(body.text) ?? '';
    const target = textOf(object(body.reply)?.in_reply_to_tweet_id);
    const replyTo = target ? world.find(target) : null;
    const given = object(body.media)?.media_ids;
    const media = (Array.isArray(given) ? given : []).map((id) => this.stored(textOf(id), 'tweet_'));
    if (replyTo === undefined)
      return problem(403, 'You attempted to reply to a Tweet that is deleted or not visible to you.');
    if (media.some((one) => !one)) return problem(400, 'Your media IDs are invalid.');
    if (!said.trim() && media.length === 0) return problem(400, 'A post needs text or media.');
    if (tooLong(said))
      return problem(
        403,
        'Your Tweet text is too long. For information on maximum Tweet length, see the documentation.',
      );
    const same = [...world.posts.values()].some(
      (post) => post.author.id === world.account.id && post.said === said && said && post.replyTo === replyTo,
    );
    if (same) return problem(403, 'You are not allowed to create a Tweet with duplicate content.');
    const post = world.post(world.account, said, {
      replyTo,
      media: media.filter((one) => one !== undefined && one !== null),
    });
    this.options.onPost(post);
    return ok({ data: { id: post.id, text: said, edit_history_tweet_ids: post.versions } }, 201);
  }

  /** Null: none is named. Undefined: there is none of that id and kind. */
  private stored(id: string | null, way: 'dm_' | 'tweet_'): StoredMedia | null | undefined {
    if (id === null) return null;
    const upload = this.uploads.get(id);
    return upload?.stored && upload.category.startsWith(way) ? upload.stored : undefined;
  }

  private media(name: string, { body, file, url }: Asked): Answer {
    const { world } = this.options;
    if (name === 'media/initialize') {
      const type = textOf(body.media_type) ?? '';
      const category = textOf(body.media_category) ?? '';
      if (!/^(dm|tweet)_(image|gif|video)$/.test(category) || !/^(image|video)\//.test(type))
        return problem(400, 'The media type or category is not valid.');
      const id = world.mint();
      this.uploads.set(id, { type, category, total: Number(body.total_bytes), chunks: [], stored: null });
      return ok({ data: { id, media_key: `3_${id}`, expires_after_secs: 86_400 } });
    }
    const id =
      name === 'media/status' ? (url.searchParams.get('media_id') ?? '') : (url.pathname.split('/')[4] ?? '');
    const upload = this.uploads.get(id);
    if (!upload) return problem(404, 'There is no such upload.');
    if (name === 'media/append') {
      if (Number(body.segment_index) !== upload.chunks.length || !file)
        return problem(400, 'The segment is missing or out of order.');
      upload.chunks.push(file);
      return ok({ data: { expires_at: 0 } });
    }
    if (name === 'media/status')
      return ok({ data: { id, processing_info: { state: 'succeeded', progress_percent: 100 } } });
    const whole = Buffer.concat(upload.chunks);
    if (whole.byteLength !== upload.total) return problem(400, 'The segments are not as long as was said.');
    upload.stored = world.file(
      upload.type,
      whole,
      upload.category.startsWith('dm_') ? world.account.id : null,
    );
    const film = upload.category.endsWith('_video');
    return ok({
      data: {
        id,
        size: whole.byteLength,
        ...(film ? { processing_info: { state: 'pending', check_after_secs: 0 } } : {}),
      },
    });
  }

  /** One hook an app, as the access levels for self-service have it. */
  private async hooks({ method, url, body }: Asked): Promise<Answer> {
    const { webhooks, routeOf } = this.options;
    const registered = this.registered;
    if (method === 'GET')
      return ok({
        data: registered ? [this.hookShape(registered)] : [],
        meta: { result_count: registered ? 1 : 0 },
      });
    const wanted = method === 'PUT' ? registered : textOf(body.url);
    if (method === 'PUT' && url.pathname.split('/').at(-1) !== hookId)
      return problem(404, 'There is no such webhook.');
    if (!wanted?.startsWith('https://') || new URL(wanted).port)
      return problem(400, 'Webhook URL does not meet the requirements.');
    if (method === 'POST' && registered)
      return problem(403, 'You have already registered the maximum number of webhooks.');
    const valid = await webhooks.set(routeOf(wanted));
    if (!valid) return problem(400, 'CRC GET request to webhook URL failed to meet the requirements.');
    this.registered = wanted;
    return ok({ data: this.hookShape(wanted) });
  }

  private registered: string | null = null;

  private hookShape(url: string): Record<string, unknown> {
    return {
      id: hookId,
      url,
      valid: this.options.webhooks.info()?.valid ?? false,
      created_at: '2026-01-01T00:00:00.000Z',
    };
  }
}

const hookId = '1146654567674912769';

/** It names the account, or answers it. */
export function concerns(post: SimulatedPost, world: World): boolean {
  const { account } = world;
  return post.replyTo?.author.id === account.id || world.named(post.said).some(({ id }) => id === account.id);
}
